//! The islands' sentences in the reader's language. Gaps are left as `{n}` for the island to fill.

use super::facts::{BoardWords, PlayerWords, PreviewWords, StudioWords};
use crate::t;
use market::Lang;

pub(super) fn player(lang: Lang, farmer: &str) -> PlayerWords {
    PlayerWords {
        live: t!(lang, live.state.live),
        scheduled: t!(lang, live.state.scheduled),
        ended: t!(lang, live.state.ended),
        video: t!(lang, live.player.video),
        saving: t!(lang, live.player.saving),
        sound_on: t!(lang, live.player.sound_on),
        sound_off: t!(lang, live.player.sound_off),
        rate: t!(lang, live.player.rate, n = "{n}"),
        opening: t!(lang, live.player.opening),
        waiting: t!(lang, live.player.waiting, farmer = farmer),
        waiting_note: t!(lang, live.player.waiting_note),
        lost: t!(lang, live.player.lost, farmer = farmer),
        lost_note: t!(lang, live.player.lost_note),
        full: t!(lang, live.player.full),
        full_note: t!(lang, live.player.full_note),
        unable: t!(lang, live.player.unable),
        unable_note: t!(lang, live.player.unable_note),
        quiet: t!(lang, live.player.quiet),
        quiet_note: t!(lang, live.player.quiet_note),
    }
}

pub(super) fn board(lang: Lang, farmer: &str, starts: &str) -> BoardWords {
    BoardWords {
        pinned: t!(lang, live.board.pinned),
        sale: t!(lang, live.board.sale),
        per_jin: t!(lang, live.board.per_jin),
        pack: t!(lang, live.board.pack, price = "{price}", jin = "{jin}"),
        quota: t!(lang, live.board.quota, quota = "{quota}", left = "{left}"),
        round: t!(
            lang,
            live.board.round,
            number = "{number}",
            of = "{of}",
            left = "{left}"
        ),
        next_round: t!(
            lang,
            live.board.next_round,
            quota = "{quota}",
            price = "{price}",
            time = "{time}"
        ),
        between: t!(lang, live.board.between),
        stock: t!(lang, live.board.stock, n = "{n}"),
        need: t!(lang, live.board.need, n = "{n}"),
        join: t!(lang, live.board.join),
        buy: t!(lang, live.board.buy),
        solo: t!(lang, live.board.solo, price = "{price}"),
        sold_out: t!(lang, live.board.sold_out),
        no_group: t!(lang, live.board.no_group),
        open_group: t!(lang, live.board.open_group),
        groups: t!(lang, live.board.groups, n = "{n}"),
        group: t!(lang, live.board.group, leader = "{leader}"),
        crowd: t!(lang, live.board.crowd, joined = "{joined}", need = "{need}"),
        limit: t!(lang, live.board.limit, n = "{n}"),
        left: t!(lang, live.board.left, time = "{time}"),
        minutes: t!(lang, live.board.minutes, n = "{n}"),
        time_up: t!(lang, live.board.time_up),
        bought: t!(lang, live.board.bought, who = "{who}", n = "{n}"),
        nothing: t!(lang, live.board.nothing, farmer = farmer),
        nothing_note: t!(lang, live.board.nothing_note),
        scheduled: t!(lang, live.board.scheduled, when = starts),
        scheduled_note: t!(lang, live.board.scheduled_note),
        ended: t!(lang, live.board.ended),
        ended_note: t!(lang, live.board.ended_note, farmer = farmer),
        next: t!(lang, live.board.next),
        list: t!(lang, live.board.list),
    }
}

pub(super) fn studio(lang: Lang) -> StudioWords {
    StudioWords {
        preview: t!(lang, host.studio.preview),
        on_air: t!(lang, host.studio.on_air, time = "{time}"),
        flip: t!(lang, host.studio.flip),
        mute: t!(lang, host.studio.mute),
        unmute: t!(lang, host.studio.unmute),
        start: t!(lang, host.studio.start),
        resume: t!(lang, host.studio.resume),
        starting: t!(lang, host.studio.starting),
        goods: t!(lang, host.studio.goods),
        sale: t!(lang, host.studio.sale),
        end: t!(lang, host.studio.end),
        end_hold: t!(lang, host.studio.end_hold),
        ready: t!(lang, host.studio.ready),
        ready_note: t!(lang, host.studio.ready_note),
        before: t!(lang, host.studio.before),
        asking: t!(lang, host.studio.asking),
        asking_note: t!(lang, host.studio.asking_note),
        idle: t!(lang, host.studio.idle),
        idle_note: t!(lang, host.studio.idle_note),
        good: t!(lang, host.studio.good),
        fair: t!(lang, host.studio.fair),
        poor: t!(lang, host.studio.poor),
        figures: t!(lang, host.studio.figures, up = "{up}", loss = "{loss}"),
        lost: t!(lang, host.studio.lost),
        lost_note: t!(lang, host.studio.lost_note),
        refused: t!(lang, host.studio.refused),
        absent: t!(lang, host.studio.absent),
        busy: t!(lang, host.studio.busy),
        insecure: t!(lang, host.studio.insecure),
        again: t!(lang, host.studio.again),
        taken: t!(lang, host.studio.taken),
        stale: t!(lang, host.studio.stale),
        full: t!(lang, host.studio.full),
        unable: t!(lang, host.studio.unable),
        fault: t!(lang, host.studio.fault),
        ended: t!(lang, host.studio.ended),
        ended_note: t!(lang, host.studio.ended_note),
        others: t!(lang, host.studio.others),
        sold: t!(lang, host.figures.sold),
        turnover: t!(lang, host.figures.turnover),
        left: t!(lang, host.figures.left),
        pinned: t!(lang, host.figures.pinned),
        nothing: t!(lang, host.figures.nothing),
        nothing_note: t!(lang, host.figures.nothing_note),
        group: t!(
            lang,
            host.figures.group,
            leader = "{leader}",
            joined = "{joined}",
            need = "{need}"
        ),
        no_group: t!(lang, host.figures.no_group),
        formed: t!(lang, host.figures.formed, n = "{n}"),
        nobody: t!(lang, host.figures.nobody),
        time_left: t!(lang, live.board.left, time = "{time}"),
        minutes: t!(lang, live.board.minutes, n = "{n}"),
        time_up: t!(lang, live.board.time_up),
        end_sale: t!(lang, host.figures.end_sale),
        release: t!(lang, host.figures.release),
        change_sale: t!(lang, host.figures.change_sale),
        quota: t!(lang, live.board.quota, quota = "{quota}", left = "{left}"),
        round: t!(
            lang,
            live.board.round,
            number = "{number}",
            of = "{of}",
            left = "{left}"
        ),
        next_round: t!(
            lang,
            live.board.next_round,
            quota = "{quota}",
            price = "{price}",
            time = "{time}"
        ),
        shelf: t!(lang, live.board.stock, n = "{n}"),
        per_jin: t!(lang, live.board.per_jin),
    }
}

pub(super) fn preview(lang: Lang) -> PreviewWords {
    PreviewWords {
        per_jin: t!(lang, live.board.per_jin),
        first_pin: t!(lang, host.sale.first_pin),
        not_cheaper: t!(lang, host.sale.not_cheaper, usual = "{usual}"),
        line: t!(
            lang,
            host.sale.line,
            need = "{need}",
            quota = "{quota}",
            limit = "{limit}",
            minutes = "{minutes}"
        ),
        divided: t!(lang, host.sale.divided, rounds = "{rounds}"),
        unreadable: t!(lang, host.sale.unreadable),
    }
}
