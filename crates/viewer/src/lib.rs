//! The program farsight: command line, eframe window, panels, wiring, audit and settings files, sign-in.
