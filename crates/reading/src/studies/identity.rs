//! Whose study it is: row, objects and the study beside must speak of one person, or the reader says that they do.

use study::PatientIdentity;
use study::listing::StudyListing;

use super::compare::{differ, is_one};
use super::{Identity, OpenStudy, Witness};

/// Whom an open study may show.
#[derive(Clone, Debug, Default)]
pub(super) struct Persons {
    /// As its first object said.
    first: Option<PatientIdentity>,
    /// The current study's patient, beside whom it hangs.
    beside: Option<PatientIdentity>,
    /// Of these the reader said that they are one person.
    confirmed: Vec<PatientIdentity>,
    /// The last identity that was compared and may be shown: most objects repeat it.
    cleared: Option<PatientIdentity>,
}

impl OpenStudy {
    /// Names the patient beside whom this study hangs; `question` when the rows contradict each other already.
    pub(crate) fn hangs_beside(&mut self, current: Option<PatientIdentity>, question: bool) {
        if let Some(listing) = self.listing.as_ref().filter(|_| question) {
            self.identity = Identity::Questioned {
                witness: Witness::CurrentStudy,
                listed: Box::new(current.clone().unwrap_or_default()),
                object: Box::new(listing.patient.clone()),
            };
        }
        self.persons.beside = current;
        self.persons.cleared = None;
    }

    /// Takes in the row of a study that was opened without one; what is here already is compared with it.
    pub(crate) fn is_listed(&mut self, listing: &StudyListing) {
        if self.listing.is_none() && listing.study == self.uid {
            self.listing = Some(listing.clone());
            self.check_all();
        }
    }

    /// Compares an object's identity with the row's, with the first object's, and with the patient's beside whom it hangs.
    pub(crate) fn check_identity(&mut self, object: &PatientIdentity) {
        let persons = &mut self.persons;
        if persons.first.is_none() {
            persons.first = Some(object.clone());
        }
        if matches!(self.identity, Identity::Questioned { .. }) || persons.cleared.as_ref() == Some(object) {
            return;
        }
        let is_confirmed = persons.confirmed.iter().any(|person| is_one(person, object));
        let listed = self.listing.as_ref().map(|listing| &listing.patient);
        let expected = [
            (Witness::Worklist, listed),
            (Witness::CurrentStudy, persons.beside.as_ref()),
            (Witness::FirstObject, persons.first.as_ref()),
        ];
        let doubted = expected
            .into_iter()
            .filter_map(|(witness, person)| Some((witness, person?)))
            .find(|(_, person)| !is_confirmed && differ(person, object));
        let is_doubted = doubted.is_some();
        self.identity = match doubted {
            Some((witness, expected)) => Identity::Questioned {
                witness,
                listed: Box::new(expected.clone()),
                object: Box::new(object.clone()),
            },
            None if persons.confirmed.is_empty() => Identity::Agreed,
            None => Identity::Confirmed,
        };
        if !is_doubted {
            persons.cleared = Some(object.clone());
        }
    }

    /// "Same person": the two that were asked about are one; every object that names somebody else still raises a question.
    pub(crate) fn confirm_same_person(&mut self) {
        if let Identity::Questioned { listed, object, .. } = &self.identity {
            self.persons.confirmed.extend([(**listed).clone(), (**object).clone()]);
            self.identity = Identity::Confirmed;
            self.check_all();
        }
    }

    fn check_all(&mut self) {
        self.persons.cleared = None;
        let objects = self.series.iter().flat_map(|series| &series.instances);
        let objects: Vec<_> = objects.cloned().collect();
        for object in objects {
            self.check_identity(&object.patient);
        }
    }
}
