"""A small model in use, for the tests of suggestions; made once in a session."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugins.lapor.learn.evaluate import judge
from plugins.lapor.learn.trainer import train, with_held
from plugins.lapor.models import RoutingModel
from plugins.lapor.service.routing import versions
from plugins.lapor.service.routing.file import pack
from plugins.lapor.tests.routing_texts import samples
from superapp.sdk import current_tenant, new_id, storage, work


@pytest.fixture(scope="session")
def learnt():
    """One model of 240 made-up reports, measured on the later fifth."""
    told = samples(300)
    model = train(told[:240])
    judged, _ = judge(model, told[240:])
    return with_held(
        model,
        [each.sure for each in judged],
        [each.suggested[0] for each in judged],
        [each.right for each in judged],
    )


@pytest.fixture
def in_use(acting, learnt):
    """Make `learnt` the open tenant's version in use."""

    def put(**changes: object):
        model = replace(learnt, tenant_id=current_tenant().id, id=str(new_id()), **changes)
        data, digest = pack(model)
        with work() as unit:
            row = RoutingModel(
                id=model.id, rows=240, later=60, file=storage.put("lapor_model", data, ".bin"), digest=digest
            )
            unit.add(row)
            unit.flush()
            versions.activate(row, "uji")
        return model, row

    return put
