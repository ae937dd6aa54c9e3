"""What is asked of the Admin API, in GraphQL; each text is named, so that logs and simulators can tell them apart.

Source: the schema of Vendure 3.x. Refusals are members of a union, hence `REFUSAL` on every mutation.
"""

from typing import Final

REFUSAL: Final = "__typename ... on ErrorResult { errorCode message }"

_DISCOUNT = "adjustmentSource type description amount amountWithTax"
_TAX = "description taxRate"
_ADDRESS = "fullName company streetLine1 streetLine2 city province postalCode country countryCode phoneNumber"
_PARTS = "lines { orderLineId quantity }"
_FULFILMENT = f"id state method trackingCode {_PARTS}"
_STOCK = "id stockLevels { stockLocationId stockOnHand }"

_ORDER = f"""
  id code type state orderPlacedAt updatedAt currencyCode couponCodes
  subTotal subTotalWithTax shipping shippingWithTax total totalWithTax
  taxSummary {{ description taxRate taxBase taxTotal }}
  customer {{ id firstName lastName emailAddress phoneNumber }}
  shippingAddress {{ {_ADDRESS} }}
  billingAddress {{ {_ADDRESS} }}
  lines {{
    id quantity orderPlacedQuantity
    unitPriceWithTax proratedUnitPriceWithTax linePriceWithTax proratedLinePrice proratedLinePriceWithTax
    taxLines {{ {_TAX} }}
    discounts {{ {_DISCOUNT} }}
    productVariant {{ id productId sku name }}
  }}
  surcharges {{ id description sku price priceWithTax taxLines {{ {_TAX} }} }}
  discounts {{ {_DISCOUNT} }}
  promotions {{ id couponCode }}
  shippingLines {{
    id priceWithTax discountedPrice discountedPriceWithTax
    shippingMethod {{ id code name }}
    discounts {{ {_DISCOUNT} }}
  }}
  payments {{
    id createdAt method state amount transactionId
    refunds {{ id createdAt state total reason transactionId paymentId {_PARTS} }}
  }}
  fulfillments {{ {_FULFILMENT} }}
  aggregateOrder {{ id code }}
  sellerOrders {{ id code }}
"""


def _text(graphql: str) -> str:
    return " ".join(graphql.split())


def _orders(name: str, fields: str) -> str:
    return _text(
        f"query {name}($options: OrderListOptions) "
        f"{{ orders(options: $options) {{ totalItems items {{ {fields} }} }} }}"
    )


LOGIN: Final = _text(
    f"""
    mutation Login($username: String!, $password: String!) {{
      login(username: $username, password: $password) {{ {REFUSAL} }}
    }}
    """
)
CHECK: Final = "query Check { activeChannel { id code } orders(options: { take: 1 }) { totalItems } }"
LOCATIONS: Final = "query Locations { stockLocations(options: { take: 100 }) { items { id name } } }"

ORDERS: Final = _orders("Orders", _ORDER)
TRACES: Final = _orders(
    "Traces",
    """
    id state orderPlacedAt updatedAt totalWithTax
    lines { id quantity }
    payments { id state refunds { id state } }
    fulfillments { id state method trackingCode }
    """,
)
"""As little of an order as shows that something about it has changed."""

FULFILMENTS: Final = _text(
    f"query Fulfilments($id: ID!) {{ order(id: $id) {{ id fulfillments {{ {_FULFILMENT} }} }} }}"
)
ADD_FULFILMENT: Final = _text(
    f"""
    mutation AddFulfilment($input: FulfillOrderInput!) {{
      addFulfillmentToOrder(input: $input) {{ {REFUSAL} ... on Fulfillment {{ {_FULFILMENT} }} }}
    }}
    """
)
MOVE_FULFILMENT: Final = _text(
    f"""
    mutation MoveFulfilment($id: ID!, $state: String!) {{
      transitionFulfillmentToState(id: $id, state: $state) {{
        {REFUSAL}
        ... on FulfillmentStateTransitionError {{ transitionError }}
        ... on Fulfillment {{ {_FULFILMENT} }}
      }}
    }}
    """
)

_CANCELLED = """
  id state lines { id quantity }
  history(options: { take: 100, filter: { type: { eq: "ORDER_CANCELLATION" } } }) { items { data } }
"""
CANCELLATIONS: Final = _text(f"query Cancellations($id: ID!) {{ order(id: $id) {{ {_CANCELLED} }} }}")
CANCEL: Final = _text(
    f"""
    mutation Cancel($input: CancelOrderInput!) {{
      cancelOrder(input: $input) {{
        {REFUSAL}
        ... on OrderStateTransitionError {{ transitionError }}
        ... on Order {{ {_CANCELLED} }}
      }}
    }}
    """
)

VARIANTS: Final = _text(
    """
    query Variants($options: ProductVariantListOptions) {
      productVariants(options: $options) { totalItems items { id sku name } }
    }
    """
)
STOCK: Final = _text(
    f"""
    query Stock($options: ProductVariantListOptions) {{
      productVariants(options: $options) {{ items {{ {_STOCK} }} }}
    }}
    """
)
SET_STOCK: Final = _text(
    f"""
    mutation SetStock($input: [UpdateProductVariantInput!]!) {{
      updateProductVariants(input: $input) {{ {_STOCK} }}
    }}
    """
)
