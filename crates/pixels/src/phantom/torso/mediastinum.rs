//! Heart, great vessels, windpipe and gullet.

use super::bones::column_y;
use super::truth;
use crate::phantom::canvas::{Canvas, Ellipsoid};
use crate::phantom::tube::{Tube, chain};

/// Direction of the heart's long axis: to the left, forwards and down.
const LONG: [f32; 3] = [0.72, -0.52, -0.46];

/// Middles of the descending aorta at heights; its radius is known exactly.
const DESCENDING: [[f32; 3]; 8] = [
    [26.0, 22.0, -86.0],
    [27.0, 30.0, -100.0],
    [26.0, 34.0, -130.0],
    [22.0, 33.0, -170.0],
    [17.0, 28.0, -210.0],
    [11.0, 20.0, -250.0],
    [8.0, 14.0, -300.0],
    [7.0, 10.0, -460.0],
];

/// The tubes of the chest's middle, in the order in which they are painted.
pub(crate) struct Mediastinum {
    veins: Vec<Tube>,
    pulmonary: Vec<Tube>,
    pulmonary_veins: Vec<Tube>,
    aorta: Vec<Tube>,
    branches: Vec<Tube>,
    coronaries: Vec<Tube>,
    gullet: Vec<Tube>,
    airway: Vec<Tube>,
}

impl Mediastinum {
    pub(crate) fn grown() -> Self {
        let radius = truth::DESCENDING_AORTA_MM as f32 / 2.0;
        let mut aorta = chain(&[
            [2.0, -22.0, -136.0, 15.5],
            [-10.0, -30.0, -120.0, 16.0],
            [-16.0, -31.0, -104.0, 15.5],
            [-13.0, -24.0, -86.0, 15.0],
            [-3.0, -12.0, -76.5, 14.0],
            [10.0, 3.0, -75.0, 13.0],
            [21.0, 15.0, -79.0, 12.5],
            [26.0, 22.0, -86.0, radius],
        ]);
        let points: Vec<[f32; 4]> = DESCENDING.iter().map(|p| [p[0], p[1], p[2], radius]).collect();
        aorta.extend(chain(&points));
        let mut branches = chain(&[
            [-9.0, -18.0, -78.0, 6.5],
            [-18.0, -14.0, -50.0, 6.0],
            [-24.0, -8.0, -28.0, 5.5],
        ]);
        branches.extend(chain(&[[-24.0, -8.0, -28.0, 3.6], [-22.0, 2.0, 70.0, 3.2]]));
        branches.extend(chain(&[
            [-24.0, -8.0, -28.0, 4.2],
            [-58.0, -6.0, -14.0, 4.0],
            [-104.0, 0.0, 0.0, 3.8],
        ]));
        branches.extend(chain(&[
            [2.0, -7.0, -74.0, 4.2],
            [14.0, 0.0, -30.0, 3.7],
            [22.0, 4.0, 70.0, 3.3],
        ]));
        branches.extend(chain(&[
            [15.0, 7.0, -74.0, 5.0],
            [26.0, 10.0, -36.0, 4.6],
            [58.0, 4.0, -14.0, 4.2],
            [104.0, 4.0, 0.0, 3.8],
        ]));
        Self {
            veins: veins(),
            pulmonary: pulmonary(),
            pulmonary_veins: pulmonary_veins(),
            aorta,
            branches,
            coronaries: coronaries(),
            gullet: chain(&[
                [4.0, 20.0, 70.0, 6.0],
                [6.0, 20.0, -60.0, 6.5],
                [4.0, 20.0, -120.0, 6.5],
                [8.0, 16.0, -170.0, 6.5],
                [20.0, 6.0, -206.0, 7.0],
                [34.0, 0.0, -222.0, 8.0],
            ]),
            airway: airway(),
        }
    }
}

fn veins() -> Vec<Tube> {
    let mut veins = chain(&[
        [-26.0, -26.0, -62.0, 9.0],
        [-26.0, -22.0, -110.0, 10.0],
        [-26.0, -20.0, -138.0, 11.0],
    ]);
    // Right and left brachiocephalic veins.
    veins.extend(chain(&[
        [-26.0, -26.0, -64.0, 8.0],
        [-32.0, -24.0, -30.0, 7.0],
        [-28.0, -8.0, 70.0, 6.0],
    ]));
    veins.extend(chain(&[
        [-26.0, -28.0, -64.0, 7.5],
        [0.0, -38.0, -54.0, 7.0],
        [28.0, -28.0, -34.0, 6.5],
        [28.0, -8.0, 70.0, 5.5],
    ]));
    veins.extend(chain(&[
        [-32.0, -26.0, -28.0, 6.0],
        [-70.0, -24.0, -10.0, 5.5],
        [-110.0, -8.0, 2.0, 5.0],
    ]));
    veins.extend(chain(&[
        [30.0, -28.0, -30.0, 6.0],
        [70.0, -24.0, -10.0, 5.5],
        [110.0, -8.0, 2.0, 5.0],
    ]));
    // Lower vena cava.
    veins.extend(chain(&[
        [-26.0, -8.0, -168.0, 12.0],
        [-27.0, 2.0, -196.0, 12.0],
        [-24.0, 12.0, -240.0, 11.5],
        [-20.0, 14.0, -300.0, 11.0],
        [-17.0, 12.0, -460.0, 10.5],
    ]));
    // Azygos vein with its arch.
    veins.extend(chain(&[
        [-26.0, -8.0, -90.0, 3.6],
        [-24.0, 12.0, -86.0, 3.8],
        [-12.0, 32.0, -94.0, 3.6],
        [-8.0, 34.0, -140.0, 3.2],
        [-6.0, 28.0, -240.0, 2.6],
    ]));
    veins
}

fn pulmonary() -> Vec<Tube> {
    let mut tubes = chain(&[
        [18.0, -50.0, -138.0, 14.0],
        [18.0, -40.0, -120.0, 14.0],
        [16.0, -24.0, -108.0, 13.5],
    ]);
    // Right and left pulmonary arteries.
    tubes.extend(chain(&[
        [14.0, -16.0, -110.0, 11.0],
        [-10.0, -8.0, -112.0, 10.5],
        [-32.0, -1.0, -112.0, 9.0],
        [-43.0, 12.0, -132.0, 7.5],
    ]));
    tubes.extend(chain(&[[-30.0, -1.0, -110.0, 6.5], [-35.0, 0.0, -102.0, 5.5]]));
    tubes.extend(chain(&[
        [20.0, -20.0, -106.0, 11.5],
        [34.0, -2.0, -102.0, 10.0],
        [44.0, 16.0, -116.0, 8.5],
        [44.0, 22.0, -134.0, 7.0],
    ]));
    tubes
}

/// The veins that enter the left atrium.
fn pulmonary_veins() -> Vec<Tube> {
    let mut tubes = Vec::new();
    tubes.extend(chain(&[[-10.0, 0.0, -134.0, 6.5], [-28.0, -8.0, -127.0, 5.5]]));
    tubes.extend(chain(&[[-10.0, 6.0, -142.0, 6.5], [-28.0, 14.0, -144.0, 5.5]]));
    tubes.extend(chain(&[[18.0, 0.0, -132.0, 6.5], [34.0, -10.0, -124.0, 5.5]]));
    tubes.extend(chain(&[[18.0, 8.0, -140.0, 6.5], [32.0, 14.0, -142.0, 5.5]]));
    tubes
}

fn coronaries() -> Vec<Tube> {
    let mut tubes = chain(&[
        [14.0, -32.0, -134.0, 1.8],
        [28.0, -50.0, -142.0, 1.7],
        [46.0, -68.0, -164.0, 1.4],
        [62.0, -72.0, -186.0, 1.0],
    ]);
    tubes.extend(chain(&[
        [-10.0, -36.0, -136.0, 1.8],
        [-26.0, -52.0, -150.0, 1.7],
        [-24.0, -50.0, -174.0, 1.5],
        [6.0, -30.0, -190.0, 1.2],
    ]));
    tubes
}

/// The windpipe divides where its axis ends; the main bronchi leave at exactly [`truth::BIFURCATION_DEGREES`].
fn airway() -> Vec<Tube> {
    let radius = truth::WINDPIPE_MM as f32 / 2.0;
    let fork = truth::BIFURCATION.map(|v| v as f32);
    // The right bronchus is steeper: 25° and 45° from the axis make 70°.
    let arm = |degrees: f64, length: f32| {
        let angle = degrees.to_radians();
        let (sin, cos) = (
            crate::phantom::exact::sin(angle) as f32,
            crate::phantom::exact::cos(angle) as f32,
        );
        [fork[0] + sin * length, fork[1] + 2.0, fork[2] - cos * length]
    };
    let with = |p: [f32; 3], r: f32| [p[0], p[1], p[2], r];
    let (right, left) = (arm(-25.0, 26.0), arm(45.0, 46.0));
    let mut tubes = chain(&[[0.0, 2.0, 80.0, radius], [0.0, 2.0, -20.0, radius], with(fork, radius)]);
    tubes.extend(chain(&[with(fork, 7.6), with(right, 7.0)]));
    tubes.extend(chain(&[with(fork, 6.8), with(left, 6.2)]));
    tubes.extend(chain(&[with(right, 5.0), [-38.0, 4.0, -108.0, 4.4]]));
    tubes.extend(chain(&[
        with(right, 6.2),
        [-30.0, 12.0, -134.0, 5.4],
        [-40.0, 20.0, -144.0, 4.6],
    ]));
    tubes.extend(chain(&[with(left, 5.2), [42.0, 4.0, -120.0, 4.4]]));
    tubes.extend(chain(&[with(left, 5.4), [38.0, 22.0, -142.0, 4.6]]));
    tubes
}

/// Paints in the order from the outside to the inside, so that walls stay round what they enclose.
pub(crate) fn paint(canvas: &mut Canvas, chest: &Mediastinum) {
    let z = canvas.z;
    heart(canvas, chest);
    canvas.shrunk_tubes(&chest.gullet, 0.0, 48.0);
    canvas.shrunk_tubes(&chest.gullet, 4.2, -300.0);
    canvas.tubes(&chest.veins, 165.0);
    canvas.shrunk_tubes(&chest.airway, -2.0, 35.0);
    // Fat parts the vessels from each other.
    canvas.shrunk_tubes(&chest.pulmonary, -1.6, -70.0);
    canvas.tubes(&chest.pulmonary, 195.0);
    canvas.shrunk_tubes(&chest.aorta, -2.6, -80.0);
    canvas.shrunk_tubes(&chest.aorta, -1.3, 60.0);
    canvas.tubes(&chest.aorta, truth::AORTA_HU as f32);
    canvas.tubes(&chest.branches, 200.0);
    // Thymus and nodes: small things in the fat.
    for (x, y, height, r, hu) in [
        (-10.0, 4.0, -70.0, 4.0, 52.0),
        (12.0, 12.0, -98.0, 4.5, 50.0),
        (0.0, 16.0, -108.0, 5.0, 55.0),
        (-14.0, -44.0, -72.0, 3.5, 40.0),
        (8.0, -48.0, -84.0, 3.0, 30.0),
    ] {
        canvas.ellipsoid(&Ellipsoid::upright([x, y, height], [r * 1.4, r, r * 1.6]), hu);
    }
    canvas.tubes(&chest.airway, truth::WINDPIPE_HU as f32);
    // Thyroid beside the windpipe.
    for side in [-1.0, 1.0] {
        canvas.ellipsoid(&Ellipsoid::upright([side * 15.0, -4.0, 12.0], [8.0, 9.0, 24.0]), 135.0);
    }
    canvas.tubes(&chest.airway, truth::WINDPIPE_HU as f32);
    if z < -176.0 {
        crura(canvas);
    }
}

fn heart(canvas: &mut Canvas, chest: &Mediastinum) {
    let along = |centre, half| Ellipsoid::along(centre, half, LONG, [0.3, 0.8, -0.5]);
    let sac = along([15.0, -34.0, -152.0], [64.0, 49.0, 51.0]);
    canvas.ellipsoid(&sac, 28.0);
    canvas.ellipsoid(&sac.shrunk(1.6), -92.0);
    // Right ventricle and its outflow, right atrium.
    let right = along([10.0, -56.0, -160.0], [47.0, 22.0, 29.0]);
    canvas.ellipsoid(&right, 95.0);
    canvas.ellipsoid(&right.shrunk(3.4), 178.0);
    let right_atrium = Ellipsoid::upright([-29.0, -28.0, -153.0], [21.0, 25.0, 28.0]);
    canvas.ellipsoid(&right_atrium, 80.0);
    canvas.ellipsoid(&right_atrium.shrunk(2.0), 172.0);
    // Left atrium.
    let left_atrium = Ellipsoid::upright([5.0, 0.0, -139.0], [30.0, 18.0, 20.0]);
    canvas.ellipsoid(&left_atrium, 80.0);
    canvas.tubes(&chest.pulmonary_veins, 196.0);
    canvas.ellipsoid(&left_atrium.shrunk(2.2), 196.0);
    // Left ventricle: a thick wall.
    let left = along([34.0, -34.0, -160.0], [47.0, 31.0, 31.0]);
    canvas.ellipsoid(&left, 112.0);
    canvas.ellipsoid(&along([31.0, -32.0, -158.0], [37.0, 18.5, 19.0]), 200.0);
    for side in [-1.0f32, 1.0] {
        let muscle = Ellipsoid::along(
            [40.0, -36.0 + side * 9.0, -166.0],
            [12.0, 4.0, 4.0],
            LONG,
            [0.0, 1.0, 0.0],
        );
        canvas.ellipsoid(&muscle, 118.0);
    }
    canvas.tubes(&chest.coronaries, 210.0);
}

/// The crura of the diaphragm beside the aorta.
fn crura(canvas: &mut Canvas) {
    let mut tubes = Vec::new();
    for side in [-1.0f32, 1.0] {
        let points: Vec<[f32; 4]> = (0..8)
            .map(|step| {
                let z = -180.0 - step as f32 * 24.0;
                let close = (step as f32 / 7.0).min(1.0);
                [
                    side * (26.0 - 11.0 * close) + 6.0,
                    column_y(z) - 14.0 - 6.0 * (1.0 - close),
                    z,
                    4.0,
                ]
            })
            .collect();
        tubes.extend(chain(&points));
    }
    canvas.tubes(&tubes, 62.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phantom::canvas::{dot, unit};

    #[test]
    fn the_main_bronchi_part_at_the_known_angle() {
        let airway = airway();
        let (right, left) = (unit(airway[2].along), unit(airway[3].along));
        let flat = |v: [f32; 3]| unit([v[0], 0.0, v[2]]);
        let cosine = dot(flat(right), flat(left));
        let expected = crate::phantom::exact::cos(truth::BIFURCATION_DEGREES.to_radians()) as f32;
        assert!((cosine - expected).abs() < 1e-4, "{cosine} {expected}");
    }
}
