"""A Vendure shop with the eyes of its buyers and of its staff; the hub has no part in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from tests.e2e.vendure.session import REFUSAL, Found, Session

ORDER = """
id code state active currencyCode orderPlacedAt updatedAt
subTotal subTotalWithTax shipping shippingWithTax total totalWithTax
taxSummary { taxRate taxBase taxTotal }
customer { emailAddress firstName lastName }
shippingAddress { fullName streetLine1 city postalCode countryCode phoneNumber }
lines { id quantity unitPrice unitPriceWithTax linePrice linePriceWithTax taxRate
  productVariant { sku name } }
payments { id state amount method }
fulfillments { id state method trackingCode updatedAt lines { orderLineId quantity } }
"""


@dataclass(frozen=True)
class Buyer:
    email: str = "zoe@example.org"
    first_name: str = "Zoë"
    last_name: str = "Möller"
    street: str = "Hauptstraße 5"
    postal_code: str = "50667"
    city: str = "Köln"
    country: str = "DE"
    phone: str = "+49 221 000000"


@dataclass(frozen=True)
class Stock:
    """Pieces in the shop's warehouse; those allocated to paid orders are still on hand."""

    on_hand: int
    allocated: int


class Vendure:
    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url
        self.user = user
        self.password = password
        self.http = httpx.Client(trust_env=False, timeout=60)
        self.staff = Session(self.http, f"{url}/admin-api")
        self.unpaid: dict[str, Session] = {}

    def close(self) -> None:
        self.http.close()

    def sign_in(self) -> None:
        self.staff.ask(
            "mutation ($user: String!, $password: String!) "
            f"{{ login(username: $user, password: $password) {{ {REFUSAL} }} }}",
            user=self.user,
            password=self.password,
        )

    def place(self, lines: Mapping[str, int], buyer: Buyer = Buyer(), *, paid: bool = True) -> str:
        """Code of the order that a guest makes of so many pieces per SKU; unpaid it waits for `pay_late`."""
        guest = Session(self.http, f"{self.url}/shop-api")
        variants = {variant["sku"]: variant["id"] for variant in self.variants()}
        for sku, quantity in lines.items():
            guest.ask(
                "mutation ($variant: ID!, $quantity: Int!) "
                f"{{ addItemToOrder(productVariantId: $variant, quantity: $quantity) {{ {REFUSAL} }} }}",
                variant=variants[sku],
                quantity=quantity,
            )
        code = _check_out(guest, buyer)
        self.unpaid[code] = guest
        if paid:
            self.pay_late(code)
        return code

    def pay_late(self, code: str) -> None:
        """The buyer comes back to an order that was left at the till, and pays it."""
        self.unpaid.pop(code).ask(
            f"mutation ($payment: PaymentInput!) {{ addPaymentToOrder(input: $payment) {{ {REFUSAL} }} }}",
            payment={"method": "card", "metadata": {}},
        )

    def order(self, code: str) -> Found:
        found: list[Found] = self.staff.ask(
            f"query ($options: OrderListOptions) {{ orders(options: $options) {{ items {{ {ORDER} }} }} }}",
            options={"filter": {"code": {"eq": code}}},
        )["items"]
        (order,) = found
        return order

    def cancel(self, code: str) -> None:
        """Staff take back whatever is not yet cancelled, shipping included."""
        self.staff.ask(
            f"mutation ($order: CancelOrderInput!) {{ cancelOrder(input: $order) {{ {REFUSAL} }} }}",
            order={"orderId": self.order(code)["id"], "reason": "changed their mind", "cancelShipping": True},
        )

    def fulfil(self, code: str, tracking: str) -> str:
        """Id of the fulfilment by which staff send every line of an order."""
        lines = [{"orderLineId": line["id"], "quantity": line["quantity"]} for line in self.order(code)["lines"]]
        arguments = [{"name": "method", "value": "DHL"}, {"name": "trackingCode", "value": tracking}]
        made = self.staff.ask(
            "mutation ($sent: FulfillOrderInput!) "
            f"{{ addFulfillmentToOrder(input: $sent) {{ {REFUSAL} ... on Fulfillment {{ id }} }} }}",
            sent={"lines": lines, "handler": {"code": "manual-fulfillment", "arguments": arguments}},
        )
        return str(made["id"])

    def move(self, fulfilment: str, state: str) -> None:
        """Bring a fulfilment to `Shipped`, `Delivered` or `Cancelled`."""
        self.staff.ask(
            "mutation ($id: ID!, $state: String!) "
            f"{{ transitionFulfillmentToState(id: $id, state: $state) {{ {REFUSAL} }} }}",
            id=fulfilment,
            state=state,
        )

    def stock(self, sku: str) -> Stock:
        (levels,) = [variant["stockLevels"] for variant in self.variants() if variant["sku"] == sku]
        return Stock(
            on_hand=sum(level["stockOnHand"] for level in levels),
            allocated=sum(level["stockAllocated"] for level in levels),
        )

    def variants(self) -> list[Found]:
        """What is sold, by id."""
        found: list[Found] = self.staff.ask(
            "{ productVariants(options: { take: 100, sort: { id: ASC } }) { items { id sku name "
            "price priceWithTax stockLevels { stockLocationId stockOnHand stockAllocated } } } }"
        )["items"]
        return found


def _check_out(guest: Session, buyer: Buyer) -> str:
    """Code of the order that is made of the basket, up to the till."""
    guest.ask(
        f"mutation ($who: CreateCustomerInput!) {{ setCustomerForOrder(input: $who) {{ {REFUSAL} }} }}",
        who={"emailAddress": buyer.email, "firstName": buyer.first_name, "lastName": buyer.last_name},
    )
    guest.ask(
        f"mutation ($to: CreateAddressInput!) {{ setOrderShippingAddress(input: $to) {{ {REFUSAL} }} }}",
        to={
            "fullName": f"{buyer.first_name} {buyer.last_name}",
            "streetLine1": buyer.street,
            "city": buyer.city,
            "postalCode": buyer.postal_code,
            "countryCode": buyer.country,
            "phoneNumber": buyer.phone,
        },
    )
    (method,) = guest.ask("{ eligibleShippingMethods { id } }")
    guest.ask(
        f"mutation ($by: [ID!]!) {{ setOrderShippingMethod(shippingMethodId: $by) {{ {REFUSAL} }} }}",
        by=[method["id"]],
    )
    order = guest.ask(
        f'mutation {{ transitionOrderToState(state: "ArrangingPayment") {{ {REFUSAL} ... on Order {{ code }} }} }}'
    )
    return str(order["code"])
