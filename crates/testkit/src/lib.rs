//! Case folders, golden pictures, and the tests that keep the architecture page true.
