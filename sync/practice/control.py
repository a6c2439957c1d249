"""Routes that are not Stripe's, for tests and rehearsals from outside: `/practice/…`.

They play the payer, set faults, move the clock and show the state. They exist only where the
practice Stripe is served with `control=True`; they ask for no key, so never beyond loopback.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from sync.practice.exchange import Answer, Request, read_request, send_answer
from sync.practice.faults import FaultPlan
from sync.practice.payer import PayerTurnedAway
from sync.practice.refusals import Refusal
from sync.practice.wire import JsonObject, Receive, Scope, Send

if TYPE_CHECKING:
    from sync.practice.app import PracticeStripe

ROOT: Final = "/practice/"


class ControlSurface:
    """An ASGI app around the practice Stripe.

    | route | body | answer |
    |---|---|---|
    | POST /practice/pay | url, email?, amount_minor? | session |
    | POST /practice/pay_invoice | invoice | |
    | POST /practice/refund | payment_intent, amount_minor? | refund |
    | POST /practice/faults | a fault plan | the plan |
    | POST /practice/clock | advance_seconds | now_ms |
    | GET /practice/state | | now_ms, counts, objects by kind |

    Bodies are JSON. 400 with `error` for a body that is none of these, 409 for a payer turned away.
    """

    def __init__(self, app: PracticeStripe) -> None:
        self._app = app
        self._routes: dict[tuple[str, str], Callable[[JsonObject], JsonObject]] = {
            ("POST", "pay"): self._pay,
            ("POST", "pay_invoice"): self._pay_invoice,
            ("POST", "refund"): self._refund,
            ("POST", "faults"): self._faults,
            ("POST", "clock"): self._clock,
            ("GET", "state"): self._state,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(ROOT):
            await self._app(scope, receive, send)
            return
        request = await read_request(scope, receive)
        await send_answer(send, self._answer(request))

    def _answer(self, request: Request) -> Answer:
        act = self._routes.get((request.method, request.path.removeprefix(ROOT)))
        if act is None:
            return Answer.of_json(404, {"error": "no such practice route"})
        try:
            given = json.loads(request.body or b"{}")
            if not isinstance(given, dict):
                return Answer.of_json(400, {"error": "the body is a JSON object"})
            return Answer.of_json(200, act(given))
        except PayerTurnedAway as away:
            return Answer.of_json(409, {"error": away.reason})
        except Refusal as refusal:
            return Answer.of_json(refusal.status, refusal.body)
        except KeyError as missing:
            return Answer.of_json(400, {"error": f"the body lacks {missing}"})
        except (TypeError, ValueError) as wrong:
            return Answer.of_json(400, {"error": str(wrong)})

    def _pay(self, given: JsonObject) -> JsonObject:
        session_id = self._app.pay_link(
            str(given["url"]), email=given.get("email"), amount_minor=given.get("amount_minor")
        )
        return {"session": session_id}

    def _pay_invoice(self, given: JsonObject) -> JsonObject:
        self._app.pay_invoice(str(given["invoice"]))
        return {}

    def _refund(self, given: JsonObject) -> JsonObject:
        refund_id = self._app.refund(str(given["payment_intent"]), given.get("amount_minor"))
        return {"refund": refund_id}

    def _faults(self, given: JsonObject) -> JsonObject:
        plan = FaultPlan.from_json(json.dumps(given))
        self._app.faults = plan
        answer: JsonObject = json.loads(plan.to_json())
        return answer

    def _clock(self, given: JsonObject) -> JsonObject:
        self._app.advance(int(given["advance_seconds"]))
        return {"now_ms": self._app.now_ms()}

    def _state(self, given: JsonObject) -> JsonObject:
        del given
        objects = {kind: self._app.objects(kind) for kind in self._app.kinds()}
        counts = {kind: len(held) for kind, held in objects.items()}
        return {"now_ms": self._app.now_ms(), "counts": counts, "objects": objects}
