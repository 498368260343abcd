//! A DICOMweb client for anyone: query, retrieve, store, with authentication, retries and redaction.
