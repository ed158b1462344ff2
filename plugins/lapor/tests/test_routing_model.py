"""A tenant's model: learnt from its own decisions, measured, chosen, rolled back, refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from lapor_reports import draft
from routing_texts import SAID, samples
from sqlalchemy import select, update

from plugins.lapor import service
from plugins.lapor.contracts import Location
from plugins.lapor.learn import history, run
from plugins.lapor.learn.trainer import train
from plugins.lapor.models import RoutingDecision, RoutingModel
from plugins.lapor.service.routing import memory, proven, route, versions
from plugins.lapor.service.routing.file import Refused, pack, unpack
from plugins.lapor.service.routing.health import health
from plugins.lapor.service.routing.model import Held, advise, similar
from plugins.lapor.service.routing.signs import Report
from plugins.lapor.service.triage import hand_over
from superapp.sdk import Conflict, at_time, directory, session, storage, work

DAY = datetime(2026, 1, 5, 2, tzinfo=UTC)


def test_words_say_the_unit_and_are_named_as_they_were_typed(learnt) -> None:
    told = advise(learnt, Report("TPS Meluber, sampahnyaa menumpuuuk di depan rumah Pak Budi 0812345678"))
    assert told[0].code == "DLHK" and told[0].sure > told[1].sure
    assert {word.casefold() for word in told[0].words} & {"tps", "meluber", "menumpuuuk", "sampahnyaa"}
    assert all(word in "TPS Meluber, sampahnyaa menumpuuuk" for word in told[0].words)
    assert advise(learnt, Report("")) == []
    assert [each.code for each in advise(learnt, Report("sampah"), {"DPUPR"})] == ["DPUPR"]


def test_spelling_mistakes_do_not_hide_the_matter(learnt) -> None:
    for text in ("jln brlubang parah", "sampahh numpuk", "jalann berlobang"):
        best = advise(learnt, Report(text))[0].code
        assert best == ("DLHK" if "sampah" in text else "DPUPR")


def test_training_twice_gives_the_same_model(learnt) -> None:
    again = train(samples(300)[:240])
    assert np.array_equal(again.weights, learnt.weights) and np.array_equal(again.certain, learnt.certain)
    assert again.known.dtype == np.uint32, "a file holds checksums, no word of a citizen"


def test_one_unit_alone_cannot_be_told_apart() -> None:
    with pytest.raises(ValueError, match="two units"):
        train(samples(20, units=["DLHK"]))


def test_two_units_are_told_apart_either_way() -> None:
    model = train(samples(80, noise=0, units=["DLHK", "DPUPR"]))
    assert advise(model, Report("sampah menumpuk"))[0].code == "DLHK"
    assert advise(model, Report("aspal rusak parah"))[0].code == "DPUPR"


def test_similar_reports_are_those_that_were_as_sure(learnt) -> None:
    held = Held(
        np.array([0.9] * 30 + [0.5] * 30, np.float32),
        np.array([1] * 60, np.uint16),
        np.array([True] * 27 + [False] * 3 + [False] * 30),
    )
    model = replace(learnt, held=held)
    found = similar(model, model.codes[1], 0.91)
    assert (found.cases, found.right) == (30, 27)
    assert similar(model, model.codes[0], 0.52).right == 0


@pytest.mark.parametrize(
    ("wrong_each", "cases", "target", "open_"),
    [(999, 200, 0.95, True), (999, 49, 0.5, False), (999, 60, 0.95, False), (12, 300, 0.95, False)],
)
def test_few_or_mixed_cases_prove_no_target(learnt, wrong_each, cases, target, open_) -> None:
    hits = np.array([place % wrong_each != 5 for place in range(cases)])
    hits[:5] = True
    held = Held(np.linspace(0.99, 0.5, cases, dtype=np.float32), np.zeros(cases, np.uint16), hits)
    found = proven.threshold(replace(learnt, held=held), target)
    assert (found is not None) == open_
    if found:
        assert found.right <= found.cases and found.proven >= target


def test_the_interval_is_wilsons() -> None:
    assert proven.at_least(10, 10) < 0.75 < 0.95 < proven.at_least(100, 100) < 1
    assert proven.at_most(0, 10) > 0.25 > 0.05 > proven.at_most(0, 100)
    assert proven.at_least(0, 0) == 0 and proven.at_most(0, 0) == 1


def test_a_file_comes_back_as_it_went(app, learnt) -> None:
    with app.app_context():
        data, digest = pack(replace(learnt, tenant_id=7, id="x"))
        found = unpack(data, tenant_id=7, model_id="x", digest=digest)
        assert found.codes == learnt.codes and np.array_equal(found.weights, learnt.weights)
        assert b"sampah" not in data


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: b"\x80\x04pickle\n" + data,
        lambda data: data.replace(b'"tenant":7', b'"tenant":8'),
        lambda data: data[:-40] + bytes([data[-40] ^ 1]) + data[-39:],
        lambda data: b"[]\n" + data,
    ],
)
def test_a_damaged_file_is_refused(app, learnt, damage) -> None:
    with app.app_context():
        data, digest = pack(replace(learnt, tenant_id=7, id="x"))
        for tenant_id in (7, 8):
            with pytest.raises(Refused):
                unpack(damage(data), tenant_id=tenant_id, model_id="x", digest=digest)


def test_the_model_speaks_where_only_the_rule_for_everything_would(acting, in_use) -> None:
    unclear = draft(title="Aspal rusak", body="Aspal rusak parah dekat sekolah", category=None)
    with acting():
        assert route.route(unclear).routing.source == "default"
        in_use()
        found = route.route(unclear)
        assert (found.routing.agency_code, found.routing.source) == ("DPUPR", "model")
        assert "Aspal" in found.routing.words and "240 keputusan" in found.routing.reason
        ruled = route.route(draft(body="Aspal rusak parah dekat sekolah"))
        assert (ruled.routing.agency_code, ruled.routing.source) == ("DLHK", "rule"), "a given category"
        whistle = route.route(draft(body="Aspal rusak parah", category="INTEGRITY.EXTORTION"))
        assert whistle.routing.source != "model"


def test_the_desk_shows_three_and_how_often_such_a_first_one_was_right(acting, in_use) -> None:
    with acting():
        in_use()
        receipt = service.submit(draft(title="Aspal rusak", body="Aspal rusak parah", category=None))
    with acting("coordinator", "DISKOMINFO"):
        view = service.desk_view(receipt.id)
        assert len(view.suggestions) == 3 and view.suggestions[0].agency.code == "DPUPR"
        assert view.suggestions[0].source == "model" and view.evidence is not None
        assert view.evidence.right <= view.evidence.cases
        service.dispose(receipt.id, agency_codes=["DLHK"])
        kept = session().scalars(select(RoutingDecision)).one()
        codes = directory.agencies_by_code()
        assert (kept.first_id, kept.chosen_id) == (codes["DPUPR"].id, codes["DLHK"].id)
        assert (kept.how, kept.source, kept.place) == (
            "officer",
            "model",
            2 if kept.second_id == kept.chosen_id else 3,
        )
        assert kept.model_id is not None and 0 < kept.sure < 1


def test_a_broken_file_leaves_rules_alone_and_the_health_unwell(acting, in_use) -> None:
    unclear = draft(title="Aspal rusak", body="Aspal rusak parah", category=None)
    with acting():
        _, row = in_use()
        storage.delete(row.file)
        memory.forget()
        assert route.route(unclear).routing.source == "default"
        assert not health().ok and "rules go on alone" in health().note
        service.submit(unclear)
        in_use()
        assert route.route(unclear).routing.source == "model" and health().ok


def test_another_tenants_file_is_refused(acting, in_use, tenant_b) -> None:
    unclear = draft(title="Aspal rusak", body="Aspal rusak parah", category=None)
    with acting():
        model, row = in_use()
        data = storage.read(row.file)
    with acting(tenant=tenant_b):
        with work() as unit:
            stolen = RoutingModel(
                id=model.id, rows=240, file=storage.put("lapor_model", data, ".bin"), digest=row.digest
            )
            unit.add(stolen)
            unit.flush()
            versions.activate(stolen, "uji")
        memory.forget()
        assert route.route(unclear).routing.source == "default" and not health().ok


@pytest.fixture
def decided(acting):
    """Submits made-up reports and lets a coordinator hand each to its unit."""

    def make(count: int, seed: int = 1, start: datetime = DAY, swap: bool = False) -> None:
        for place, each in enumerate(samples(count, seed=seed, noise=0)):
            moment = start + timedelta(hours=place)
            with at_time(moment), acting():
                text = each.report.text
                receipt = service.submit(
                    draft(title=text[:60], body=text, category=None, location=Location(address="Jl. Uji 1"))
                )
            owner = {"DPUPR": "DLHK", "DLHK": "DPUPR"}.get(each.owner, each.owner) if swap else each.owner
            with at_time(moment + timedelta(minutes=5)), acting("coordinator", "DISKOMINFO"):
                service.dispose(receipt.id, agency_codes=[owner])

    return make


def test_versions_begin_with_example_words_and_grow_with_decisions(acting, decided) -> None:
    with at_time(DAY - timedelta(days=1)), acting():
        assert run.due()
        run.learn()
        (first,) = versions.versions()
        assert (first.state, first.basis, first.first) == ("active", "examples", None)
        told = route.suggestions(draft(category=None), None, "")
        assert all(each.strength <= 2 for each in told), "unmeasured: never three bars"
        assert not run.due()
    decided(70)
    with at_time(DAY + timedelta(days=9)), acting():
        assert run.due()
        made = run.learn()
        assert run.learn(made) == made and len(versions.versions()) == 2, "a repeat trains nothing"
        second = versions.versions()[0]
        assert (second.state, second.basis, second.rows, second.later) == ("active", "decisions", 70, 14)
        assert second.first > 0.7
    with at_time(DAY + timedelta(days=10)), acting():
        run.learn()
        third = versions.versions()[0]
        assert third.state == "candidate" and "perlu 30" in third.note, "nothing new to compare by"
    with at_time(DAY + timedelta(days=11)), acting():
        assert versions.back().id == first.id
        assert [each.state for each in versions.versions()] == ["candidate", "retired", "active"]
        assert versions.use(second.id).state == "active"
        with pytest.raises(Conflict):
            session().execute(update(RoutingModel).where(RoutingModel.id == first.id).values(file=""))
            session().commit()
            versions.use(first.id)


def test_secret_confidential_and_untouched_automatic_ones_are_not_learnt(acting, decided) -> None:
    decided(4)
    with acting():
        assert len(history.decided()) == 4
        secret = service.submit(draft(secret=True))
        hidden = service.submit(draft(category="INTEGRITY.EXTORTION"))
        alone = service.submit(draft())
        hand_over(alone.id, directory.agencies_by_code()["DLHK"].id, why="Uji.", sure=0.99)
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(secret.id, agency_codes=["DLHK"])
        assert hidden
        assert len(history.decided()) == 4
    with acting("liaison", "DLHK"):
        service.progress(alone.id, text="Kami kerjakan.")
    with acting():
        assert len(history.decided()) == 5, "its unit took it on: that is a decision"
        owners = {each.sample.owner for each in history.decided()}
        assert owners <= {*SAID, "DLHK"}
