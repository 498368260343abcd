//! Gets what is wanted, in the right order, once: sources, scheduler, sealed cache, decoded-frame memory and workers.
