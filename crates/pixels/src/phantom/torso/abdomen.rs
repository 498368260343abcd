//! The organs below the diaphragm.

use super::body::Outlines;
use super::bones::column_y;
use super::lungs::diaphragm;
use super::truth;
use crate::phantom::canvas::{Bounds, Canvas, Ellipsoid};
use crate::phantom::exact::{hill, round_min, smooth};
use crate::phantom::noise::{self, Sheet};
use crate::phantom::tube::{Tube, chain, grow};

const CAVITY: Bounds = [-146.0, -106.0, 146.0, 84.0];

const LIVER_RIGHT: Ellipsoid = Ellipsoid::upright([-70.0, 2.0, -246.0], [74.0, 82.0, 86.0]);
const LIVER_LEFT: Ellipsoid = Ellipsoid::upright([2.0, -48.0, -232.0], [66.0, 34.0, 36.0]);
const SPLEEN: Ellipsoid = Ellipsoid::upright([99.0, 34.0, -248.0], [27.0, 46.0, 48.0]);
const FUNDUS: Ellipsoid = Ellipsoid::upright([58.0, 4.0, -232.0], [36.0, 40.0, 32.0]);
const GALLBLADDER: Ellipsoid = Ellipsoid::upright([-46.0, -56.0, -294.0], [14.0, 18.0, 26.0]);

/// The tubes of the abdomen.
pub(crate) struct Abdomen {
    liver_veins: Vec<Tube>,
    portal: Vec<Tube>,
    stomach: Vec<Tube>,
    pancreas: Vec<Tube>,
    bowel: Vec<(Tube, f32)>,
    arteries: Vec<Tube>,
}

fn liver(p: [f32; 3]) -> f32 {
    round_min(LIVER_RIGHT.distance(p), LIVER_LEFT.distance(p), 22.0)
}

/// Heights of the level of fluid in the stomach and bowel: air rises to the front of a patient who lies on the back.
const STOMACH_LEVEL: f32 = -26.0;

impl Abdomen {
    pub(crate) fn grown() -> Self {
        let inside = |seed: u32, count: usize| {
            let mut found = Vec::new();
            for number in 0..20_000 {
                let random = |k| noise::even(noise::hash(number, k, 8, seed)) * 0.5 + 0.5;
                let p = [
                    -140.0 + 195.0 * random(0),
                    -85.0 + 160.0 * random(1),
                    -190.0 - 135.0 * random(2),
                ];
                let under = (p[2] - diaphragm(p[0], p[1])) * 0.72;
                if liver(p) < -8.0 && under < -9.0 {
                    found.push(p);
                    if found.len() == count {
                        break;
                    }
                }
            }
            found
        };
        let mut portal: Vec<Tube> = grow([-36.0, -4.0, -266.0], inside(61, 150), 0.75, 61)
            .iter()
            .map(|b| b.tube)
            .collect();
        portal.extend(chain(&[
            [40.0, 16.0, -276.0, 4.5],
            [4.0, 0.0, -292.0, 5.0],
            [-8.0, -4.0, -288.0, 6.5],
            [-36.0, -4.0, -266.0, 6.0],
        ]));
        Self {
            liver_veins: grow([-27.0, 0.0, -202.0], inside(67, 110), 0.8, 67)
                .iter()
                .map(|b| b.tube)
                .collect(),
            portal,
            stomach: chain(&[
                [56.0, -10.0, -240.0, 28.0],
                [52.0, -40.0, -272.0, 26.0],
                [34.0, -58.0, -300.0, 21.0],
                [4.0, -60.0, -308.0, 16.0],
                [-22.0, -48.0, -302.0, 11.0],
            ]),
            pancreas: chain(&[
                [-26.0, -22.0, -312.0, 12.0],
                [-8.0, -26.0, -304.0, 10.0],
                [16.0, -16.0, -294.0, 9.0],
                [44.0, 4.0, -284.0, 9.0],
                [74.0, 24.0, -272.0, 9.0],
            ]),
            bowel: bowel(),
            arteries: arteries(),
        }
    }
}

fn arteries() -> Vec<Tube> {
    let mut tubes = chain(&[
        [9.0, 10.0, -268.0, 4.0],
        [8.0, -12.0, -272.0, 3.6],
        [-24.0, -16.0, -276.0, 2.6],
    ]);
    tubes.extend(chain(&[
        [8.0, -12.0, -272.0, 3.0],
        [46.0, 10.0, -272.0, 2.6],
        [80.0, 28.0, -262.0, 2.2],
    ]));
    tubes.extend(chain(&[
        [8.0, 4.0, -288.0, 4.0],
        [6.0, -16.0, -312.0, 3.6],
        [4.0, -22.0, -400.0, 3.0],
    ]));
    tubes.extend(chain(&[[8.0, 12.0, -302.0, 3.0], [34.0, 26.0, -304.0, 2.6]]));
    tubes.extend(chain(&[[6.0, 12.0, -306.0, 3.0], [-34.0, 26.0, -312.0, 2.6]]));
    tubes
}

/// Loops of bowel, each with what it holds: gas, stool or fluid.
fn bowel() -> Vec<(Tube, f32)> {
    let colon: [[f32; 4]; 12] = [
        [-98.0, 0.0, -440.0, 22.0],
        [-100.0, -6.0, -390.0, 21.0],
        [-92.0, -30.0, -350.0, 20.0],
        [-70.0, -66.0, -338.0, 17.0],
        [-36.0, -80.0, -342.0, 15.0],
        [2.0, -84.0, -346.0, 15.0],
        [38.0, -82.0, -334.0, 16.0],
        [72.0, -62.0, -310.0, 17.0],
        [96.0, -28.0, -288.0, 18.0],
        [108.0, 4.0, -308.0, 15.0],
        [110.0, 16.0, -350.0, 14.0],
        [108.0, 16.0, -440.0, 14.0],
    ];
    let mut loops: Vec<(Tube, f32)> = Vec::new();
    for (number, tube) in chain(&colon).into_iter().enumerate() {
        let held = if matches!(number, 3 | 4 | 5 | 7 | 8) {
            -1000.0
        } else {
            -40.0
        };
        loops.push((tube, held));
    }
    for number in 0..26 {
        let random = |k| noise::even(noise::hash(number, k, 21, 5));
        let (x, y) = (62.0 * random(0), -34.0 + 34.0 * random(1));
        let z = -372.0 + 46.0 * random(2);
        let end = [x + 34.0 * random(3), y + 22.0 * random(4), z + 22.0 * random(5)];
        let held = if random(6) > 0.6 { -900.0 } else { 18.0 };
        loops.push((Tube::new([x, y, z], end, 11.0, 11.0), held));
    }
    loops
}

pub(crate) fn paint(canvas: &mut Canvas, outlines: &Outlines, abdomen: &Abdomen) {
    let z = canvas.z;
    if z > -176.0 {
        return;
    }
    let soft = canvas.soft;
    let weave = Sheet::new(0.07, z * 0.05, 41);
    canvas.each(CAVITY, |x, y, value| {
        let wall = outlines.past_cavity(x, y);
        if wall > soft {
            return;
        }
        let under = (z - diaphragm(x, y)) * 0.72;
        let d = under.max(wall + 2.0);
        let part = |d: f32| (0.5 - d / (2.0 * soft)).clamp(0.0, 1.0);
        *value += (58.0 - *value) * part(d);
        let vessel = hill(weave.at(x, y) / 0.06);
        *value += (-101.0 + 60.0 * vessel - *value) * part(d + 2.6);
    });
    let inside = |x: f32, y: f32, margin: f32| {
        let under = (z - diaphragm(x, y)) * 0.72 + 2.8;
        under.max(outlines.past_cavity(x, y) + margin)
    };
    kidneys(canvas);
    psoas(canvas);
    paint_liver(canvas, abdomen, inside);
    if let Some(bounds) = SPLEEN.bounds(z, 1.0) {
        canvas.fill(bounds, truth::SPLEEN_HU as f32, |x, y| {
            SPLEEN.distance([x, y, z]).max(inside(x, y, 4.0))
        });
    }
    adrenals(canvas);
    canvas.tubes(&abdomen.pancreas, 98.0);
    paint_bowel(canvas, abdomen, inside);
    paint_stomach(canvas, abdomen, inside);
    canvas.tubes(&abdomen.arteries, 195.0);
}

fn paint_liver(canvas: &mut Canvas, abdomen: &Abdomen, inside: impl Fn(f32, f32, f32) -> f32) {
    let (z, soft) = (canvas.z, canvas.soft);
    if z < -336.0 {
        return;
    }
    let weave = Sheet::new(0.3, z * 0.3, 43);
    canvas.each([-146.0, -90.0, 72.0, 86.0], |x, y, value| {
        let d = liver([x, y, z]).max(inside(x, y, 4.2));
        let part = (0.5 - d / (2.0 * soft)).clamp(0.0, 1.0);
        if part > 0.0 {
            let hu = truth::LIVER_HU as f32 + 3.0 * weave.at(x, y);
            *value += (hu - *value) * part;
        }
    });
    // The cleft between the lobes.
    canvas.tubes(
        &chain(&[[-12.0, -52.0, -262.0, 3.0], [-18.0, -78.0, -250.0, 2.5]]),
        -70.0,
    );
    canvas.tubes(&abdomen.liver_veins, 158.0);
    canvas.tubes(&abdomen.portal, 165.0);
    canvas.ellipsoid(&GALLBLADDER, 50.0);
    canvas.ellipsoid(&GALLBLADDER.shrunk(1.6), 9.0);
}

fn paint_stomach(canvas: &mut Canvas, abdomen: &Abdomen, inside: impl Fn(f32, f32, f32) -> f32) {
    let (z, soft) = (canvas.z, canvas.soft);
    if z > -194.0 {
        return;
    }
    canvas.each([-36.0, -90.0, 98.0, 50.0], |x, y, value| {
        let body = abdomen
            .stomach
            .iter()
            .map(|t| t.distance([x, y, z]))
            .fold(f32::MAX, f32::min);
        let d = round_min(FUNDUS.distance([x, y, z]), body, 14.0).max(inside(x, y, 5.0));
        if d > soft {
            return;
        }
        let folds = 1.8 * noise::smooth([x * 0.11, y * 0.11, z * 0.11], 47);
        let part = |d: f32| (0.5 - d / (2.0 * soft)).clamp(0.0, 1.0);
        *value += (72.0 - *value) * part(d);
        let level = part(y - STOMACH_LEVEL);
        let food = 22.0 + 16.0 * noise::rough([x * 0.2, y * 0.2, z * 0.2], 49);
        let held = food + (-1000.0 - food) * level;
        *value += (held - *value) * part(d + 4.0 + folds);
    });
}

fn paint_bowel(canvas: &mut Canvas, abdomen: &Abdomen, inside: impl Fn(f32, f32, f32) -> f32) {
    let (z, soft) = (canvas.z, canvas.soft);
    for (tube, _) in &abdomen.bowel {
        if let Some(bounds) = tube.bounds(z, soft) {
            canvas.fill(bounds, 62.0, |x, y| tube.distance([x, y, z]).max(inside(x, y, 5.0)));
        }
    }
    for (tube, held) in &abdomen.bowel {
        let Some(bounds) = tube.bounds(z, soft) else { continue };
        let (middle, gas) = (tube.at(0.5)[1], *held < -500.0);
        canvas.each(bounds, |x, y, value| {
            // Haustra narrow the bowel at even steps.
            let d = tube.distance([x, y, z]).max(inside(x, y, 5.0)) + 2.2;
            if d > soft {
                return;
            }
            let d = d + 2.2 * hill(noise::smooth([x * 0.05, y * 0.05, z * 0.05], 53) / 0.3);
            let part = |d: f32| (0.5 - d / (2.0 * soft)).clamp(0.0, 1.0);
            let food = 18.0 + 40.0 * noise::rough([x * 0.35, y * 0.35, z * 0.35], 57);
            let air = if gas { part(y - middle - 4.0) } else { 0.0 };
            let hu = food + (-1000.0 - food) * air;
            *value += (hu - *value) * part(d);
        });
    }
}

fn kidneys(canvas: &mut Canvas) {
    let z = canvas.z;
    for (side, middle) in [(-1.0f32, -310.0f32), (1.0, -296.0)] {
        let kidney = Ellipsoid::along(
            [side * 57.0, 38.0, middle],
            [55.0, 29.0, 26.0],
            [side * 0.22, 0.14, -0.96],
            [0.0, 1.0, 0.0],
        );
        let Some(bounds) = kidney.bounds(z, 1.0) else { continue };
        canvas.fill(bounds, 172.0, |x, y| kidney.distance([x, y, z]));
        let soft = canvas.soft;
        canvas.each(bounds, |x, y, value| {
            let p = [x, y, z];
            if kidney.distance(p) > 0.0 {
                return;
            }
            let pyramid = smooth(-0.05, 0.15, noise::smooth([x * 0.075, y * 0.075, z * 0.075], 59));
            let d = kidney.distance(p) + 7.0;
            *value += (118.0 - *value) * (0.5 - d / (2.0 * soft)).clamp(0.0, 1.0) * pyramid;
        });
        let sinus = Ellipsoid::upright([side * 47.0, 32.0, middle], [15.0, 11.0, 25.0]);
        canvas.ellipsoid(&sinus, -85.0);
        let pelvis = Ellipsoid::upright([side * 44.0, 31.0, middle - 4.0], [7.0, 5.0, 12.0]);
        canvas.ellipsoid(&pelvis, 20.0);
    }
}

fn adrenals(canvas: &mut Canvas) {
    for side in [-1.0f32, 1.0] {
        let x = if side < 0.0 { -36.0 } else { 38.0 };
        let z = if side < 0.0 { -262.0 } else { -258.0 };
        let mut limbs = chain(&[[x, 22.0, z, 2.4], [x + side * 4.0, 36.0, z - 8.0, 2.0]]);
        limbs.extend(chain(&[[x, 22.0, z, 2.4], [x - side * 6.0, 34.0, z - 10.0, 2.0]]));
        canvas.tubes(&limbs, 78.0);
    }
}

fn psoas(canvas: &mut Canvas) {
    let mut tubes = Vec::new();
    for side in [-1.0f32, 1.0] {
        tubes.extend(chain(&[
            [side * 22.0, column_y(-285.0) + 6.0, -285.0, 5.0],
            [side * 32.0, column_y(-340.0) + 6.0, -340.0, 15.0],
            [side * 42.0, column_y(-420.0) + 2.0, -440.0, 22.0],
        ]));
    }
    canvas.tubes(&tubes, 62.0);
}
