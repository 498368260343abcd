//! A small DICOMweb server over a folder or over synthetic phantoms, with faults on request.
