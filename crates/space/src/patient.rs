//! Patient space: LPS millimetres (PS3.3 C.7.6.2.1.1: +x left, +y posterior, +z head).

use std::fmt;
use std::sync::Arc;

use crate::ImagePoint;

/// A point in the patient, LPS millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatientPoint {
    /// Towards the patient's left, mm.
    pub x: f64,
    /// Towards the patient's back, mm.
    pub y: f64,
    /// Towards the patient's head, mm.
    pub z: f64,
}

/// A displacement in the patient, LPS millimetres (or a unit direction where so said).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatientVector {
    /// Towards the patient's left.
    pub x: f64,
    /// Towards the patient's back.
    pub y: f64,
    /// Towards the patient's head.
    pub z: f64,
}

impl PatientVector {
    /// Names a vector by its LPS components.
    pub fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }
    /// The scalar product.
    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }
    /// The vector product, right-handed.
    pub fn cross(self, other: Self) -> Self {
        Self::new(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }
    /// The length, in the unit of the components.
    pub fn length(self) -> f64 {
        self.dot(self).sqrt()
    }
    /// The same direction times a factor.
    pub fn scaled(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor, self.z * factor)
    }
    /// The unit vector of the same direction; `None` when the length is 0 or not finite.
    pub fn unit(self) -> Option<Self> {
        let length = self.length();
        (length.is_finite() && length > 0.0).then(|| self.scaled(1.0 / length))
    }
}

impl PatientPoint {
    /// Names a point by its LPS coordinates, mm.
    pub fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }
    /// The displacement that leads from `other` to this point.
    pub fn minus(self, other: Self) -> PatientVector {
        PatientVector::new(self.x - other.x, self.y - other.y, self.z - other.z)
    }
    /// This point moved by a displacement.
    pub fn plus(self, by: PatientVector) -> Self {
        Self::new(self.x + by.x, self.y + by.y, self.z + by.z)
    }
}

/// Which coordinate system a plane's millimetres belong to; two planes compare only when it is equal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FrameOfReference(Arc<str>);

impl FrameOfReference {
    /// Names a frame of reference by its identifier.
    pub fn new(identifier: &str) -> Self {
        Self(identifier.into())
    }
}

impl fmt::Debug for FrameOfReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FrameOfReference(…)")
    }
}

/// Where a frame's pixels lie in the patient: one plane (PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1).
#[derive(Clone, Debug, PartialEq)]
pub struct PatientFromImage {
    /// The coordinate system of the plane; `None` when the object does not say, which equals nothing, not even itself.
    pub frame_of_reference: Option<FrameOfReference>,
    /// Centre of the first pixel.
    pub origin: PatientPoint,
    /// Unit direction in which the column index grows (left to right on the stored image).
    pub along_row: PatientVector,
    /// Unit direction in which the row index grows (top to bottom on the stored image).
    pub along_column: PatientVector,
    /// Distance between neighbouring columns, mm; the second value of Pixel Spacing.
    pub column_spacing: f64,
    /// Distance between neighbouring rows, mm; the first value of Pixel Spacing.
    pub row_spacing: f64,
}

impl PatientFromImage {
    /// The patient point of an image point.
    pub fn apply(&self, point: ImagePoint) -> PatientPoint {
        self.origin
            .plus(self.along_row.scaled(point.column * self.column_spacing))
            .plus(self.along_column.scaled(point.row * self.row_spacing))
    }
    /// The plane's normal: row direction × column direction, a unit vector for orthogonal unit directions.
    pub fn normal(&self) -> PatientVector {
        self.along_row.cross(self.along_column)
    }
    /// The plane's position along a normal, mm: the projection of the first pixel's centre.
    pub fn position_along(&self, normal: PatientVector) -> f64 {
        normal.dot(self.origin.minus(PatientPoint::new(0.0, 0.0, 0.0)))
    }
}
