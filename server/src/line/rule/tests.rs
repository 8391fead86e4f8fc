//! In virtual time: the clock is a number that the test moves.

use super::*;
use std::collections::HashSet;

const BOUNDS: Bounds = Bounds {
    inside: 4,
    inside_from_one: 3,
    inside_of_one: 2,
    waiting: 1000,
    waiting_from_one: 20,
    lease_ms: 15_000,
};

/// Person `n`, each at an address of their own.
fn who(n: u32) -> Who {
    at(n, n)
}

fn at(person: u32, address: u32) -> Who {
    Who {
        person: PersonId(format!("p{person}")),
        address: IpAddr::from((0x0a00_0000 + address).to_be_bytes()),
    }
}

fn enter(line: &mut Rule<u32>, who: &Who, key: &str, now: i64) -> Verdict {
    line.enter(who, key, Millis(now), Millis(now), || now as u32)
}

fn ahead(verdict: Verdict) -> u64 {
    match verdict {
        Verdict::Waits(place) => place.ahead,
        other => panic!("{other:?}"),
    }
}

/// A line with everybody inside who may be: people 900…
fn full() -> Rule<u32> {
    let mut line = Rule::new(BOUNDS);
    for n in 900..904 {
        assert_eq!(enter(&mut line, &who(n), "k", 0), Verdict::In);
    }
    line
}

#[test]
fn who_finds_room_goes_in_and_who_does_not_waits_in_the_order_of_coming() {
    let mut line = full();
    for n in 0..5 {
        assert_eq!(ahead(enter(&mut line, &who(n), "k", i64::from(n))), u64::from(n));
    }
    assert_eq!(line.call(Millis(9)), None, "there is no room");
    for n in 0..4 {
        line.leave(&who(900 + n), Millis(10));
        let (next, _) = line.call(Millis(10)).expect("somebody");
        assert_eq!(next, who(n));
    }
    assert_eq!(line.waiting(), 1);
}

#[test]
fn asking_again_moves_nobody() {
    let mut line = full();
    for n in 0..3 {
        enter(&mut line, &who(n), "k", 0);
    }
    for again in 1..200 {
        assert_eq!(ahead(enter(&mut line, &who(2), "k", again)), 2);
        assert_eq!(ahead(enter(&mut line, &who(0), "k", again)), 0);
        assert_eq!(enter(&mut line, &who(2), "another", again), Verdict::Elsewhere);
    }
    assert_eq!(line.waiting(), 3);
}

#[test]
fn a_ticket_from_before_keeps_its_place() {
    let mut line = full();
    for n in 1..4 {
        enter(&mut line, &who(n), "k", 100 * i64::from(n));
    }
    // this server knows nothing of them, another one did: they came between the first and the second
    let verdict = line.enter(&who(0), "k", Millis(150), Millis(400), || 0);
    assert_eq!(ahead(verdict), 1);
    // nobody comes from the future
    let verdict = line.enter(&who(9), "k", Millis(9_000), Millis(401), || 0);
    assert_eq!(ahead(verdict), 4);
}

#[test]
fn a_place_that_nobody_asks_for_is_passed_over() {
    let mut line = full();
    enter(&mut line, &who(0), "k", 0);
    enter(&mut line, &who(1), "k", 0);
    enter(&mut line, &who(1), "k", 10_000);
    line.leave(&who(900), Millis(15_001));
    let (next, _) = line.call(Millis(15_001)).expect("somebody");
    assert_eq!(next, who(1));
    assert_eq!(line.waiting(), 0);
}

#[test]
fn one_person_or_address_takes_only_a_part() {
    let mut line = Rule::new(BOUNDS);
    // one person with many orders at once: two go in, one waits, the rest are told so
    let verdicts: Vec<_> = (0..5).map(|n| enter(&mut line, &who(1), &n.to_string(), 0)).collect();
    assert_eq!(verdicts[..2], [Verdict::In, Verdict::In]);
    assert_eq!((ahead(verdicts[2]), verdicts[3]), (0, Verdict::Elsewhere));
    // one address with many people
    let mut line = Rule::new(BOUNDS);
    let verdicts: Vec<_> = (0..30).map(|n| enter(&mut line, &at(n, 7), "k", 0)).collect();
    assert_eq!(verdicts.iter().filter(|verdict| **verdict == Verdict::In).count(), 3);
    assert_eq!(
        verdicts
            .iter()
            .filter(|verdict| matches!(verdict, Verdict::Waits(_)))
            .count(),
        20
    );
    assert_eq!(verdicts[29], Verdict::TooMany);
    assert!(
        matches!(enter(&mut line, &at(40, 8), "k", 0), Verdict::Waits(_)),
        "others still come"
    );
}

#[test]
fn a_full_line_says_no_at_once_and_counts_itself_empty_in_the_end() {
    let bounds = Bounds { waiting: 10, ..BOUNDS };
    let mut line = Rule::new(bounds);
    let mut inside = Vec::new();
    for n in 0..20 {
        match enter(&mut line, &who(n), "k", 0) {
            Verdict::In => inside.push(who(n)),
            Verdict::Waits(_) => assert!((4..14).contains(&n)),
            verdict => assert_eq!((verdict, n >= 14), (Verdict::Full, true)),
        }
    }
    let mut served = 0;
    while let Some(out) = inside.pop() {
        line.leave(&out, Millis(1));
        served += 1;
        inside.extend(line.call(Millis(1)).map(|(who, _)| who));
    }
    assert_eq!((served, line.waiting(), line.inside), (14, 0, 0));
    assert!(line.inside_from.is_empty() && line.inside_of.is_empty() && line.waiting_from.is_empty());
    assert!(line.turn_of.is_empty() && line.waiting.is_empty());
}

#[test]
fn the_estimate_is_how_fast_the_line_moved() {
    let mut line = full();
    for n in 0..900 {
        enter(&mut line, &who(n), "k", 0);
    }
    // one is served every 5 ms
    let mut inside: VecDeque<_> = (900..904).map(who).collect();
    for step in 1..=400 {
        line.leave(&inside.pop_front().expect("somebody"), Millis(5 * step));
        inside.extend(line.call(Millis(5 * step)).map(|(who, _)| who));
    }
    let Verdict::Waits(place) = enter(&mut line, &who(899), "k", 2_000) else {
        panic!("it waits")
    };
    assert_eq!(place.ahead, 499);
    let truth = 500 * 5;
    assert!(place.estimate_ms.abs_diff(truth) <= truth / 20, "{place:?}");
}

/// `hammering` accounts ask a hundred times a tick under ever new keys, `honest` ones ask once a second;
/// all come in the same second, two orders are served a tick of 10 ms. How many of each were served in
/// the first `ticks`.
fn rush(hammering: u32, honest: u32, ticks: i64) -> (usize, usize) {
    let mut line = full();
    let mut inside: VecDeque<_> = (900..904).map(who).collect();
    let (mut served, mut first) = (HashSet::new(), Vec::new());
    for tick in 0..ticks {
        let now = tick * 10;
        for n in 0..hammering {
            let from = at(10_000 + n, 10_000 + n);
            for again in 0..100 {
                // a program that was served starts over, as another order
                let key = format!("{tick}-{again}");
                if enter(&mut line, &from, &key, now) == Verdict::In {
                    inside.push_back(from.clone());
                }
            }
        }
        for n in (0..honest).filter(|n| tick % 100 == i64::from(n % 100)) {
            let from = at(20_000 + n, 20_000 + n);
            if !served.contains(&from.person.0) && enter(&mut line, &from, "k", now) == Verdict::In {
                inside.push_back(from);
            }
        }
        for _ in 0..2 {
            let Some(out) = inside.pop_front() else { break };
            line.leave(&out, Millis(now));
            if let Some((who, _)) = line.call(Millis(now)) {
                served.insert(who.person.0.clone());
                first.push(who.person.0.starts_with("p2"));
                inside.push_back(who);
            }
        }
    }
    let honest = first.iter().filter(|honest| **honest).count();
    (honest, first.len() - honest)
}

#[test]
fn a_hammering_client_costs_the_others_no_more_than_one_that_asks_once() {
    let (honest, others) = rush(50, 500, 200);
    // first come first served: the fifty who asked at once were first, once each; those who come again
    // stand behind whoever came meanwhile
    assert!(honest * 2 > others * 3, "{honest} honest, {others} hammering of 400");
    let (alone, _) = rush(0, 500, 260);
    let (crowded, _) = rush(50, 500, 600);
    assert_eq!((alone, crowded), (500, 500), "in the end everybody is served");
}
