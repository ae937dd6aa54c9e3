"""What a new ledger is given through Tryton's own modules; runs inside the server, before it serves."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from proteus import Model, Wizard, config  # type: ignore[import-not-found]  # lives beside the server only

COUNTRIES = {"DE": "Germany", "FR": "France", "GB": "United Kingdom", "US": "United States"}
CURRENCIES = {"EUR": ("Euro", "€", "1"), "USD": ("US Dollar", "$", "1.1")}
RATES = ("0.19", "0.07")
ACCOUNTS = {
    "receivable": "1.2.1",
    "revenue": "4.1.1",
    "shipping": "4.1.2",
    "rounding": "4.3.3",
    "expense": "5.2.1",
    "payable": "2.1.1",
    "cash": "1.1.1",
    "tax": "6.3.6",
}
"""Accounts of the universal chart, by what they are used for."""


def seed(database: str, configuration: str, login: str, password: str) -> dict[str, Any]:
    """The key of the user for REST, and the ids that a connection is configured with."""
    session = config.set_trytond(database, config_file=configuration)
    currencies = _currencies()
    company = _company(currencies["EUR"])
    session._context = Model.get("res.user").get_preferences(True, {})
    accounts = _chart(company)
    _fiscal_years(company, datetime.now(UTC).year)
    taxes = _taxes(company, accounts["tax"])
    term = _payment_term()
    method = _payment_method(company, accounts["cash"])
    product = _product(accounts, taxes["0.19"])
    customer = _customer(term)
    return {
        "key": _user(company, login, password),
        "ids": {
            "company": company.id,
            "currencies": _ids(currencies),
            "accounts": _ids(accounts),
            "journals": {journal.type: journal.id for journal in Model.get("account.journal").find([])},
            "taxes": _ids(taxes),
            "payment_term": term.id,
            "payment_method": method.id,
            "product": product.id,
            "unit": product.default_uom.id,
            "customer": customer.id,
            "customer_address": customer.addresses[0].id,
        },
    }


def _ids(records: dict[str, Any]) -> dict[str, int]:
    return {name: record.id for name, record in records.items()}


def _one(model: str, *domain: tuple[str, str, object]) -> Any:
    (found,) = Model.get(model).find(list(domain), limit=1)
    return found


def _new(model: str, **values: object) -> Any:
    record = Model.get(model)(**values)
    record.save()
    return record


def _currencies() -> dict[str, Any]:
    for code, name in COUNTRIES.items():
        _new("country.country", code=code, name=name)
    made = {}
    for code, (name, symbol, rate) in CURRENCIES.items():
        made[code] = Model.get("currency.currency")(code=code, name=name, symbol=symbol)
        made[code].rates.new(date=date(2020, 1, 1), rate=Decimal(rate))
        made[code].save()
    return made


def _company(currency: Any) -> Any:
    founding = Wizard("company.company.config")
    founding.execute("company")
    founding.form.party = _new("party.party", name="Hub Trading GmbH")
    founding.form.currency = currency
    founding.execute("add")
    return _one("company.company")


def _chart(company: Any) -> dict[str, Any]:
    chart = Wizard("account.create_chart")
    chart.execute("account")
    root = Model.get("ir.model.data").get_id("account.account_template_root_en", {})
    chart.form.account_template = Model.get("account.account.template")(root)
    chart.form.company = company
    chart.execute("create_account")
    accounts = {use: _one("account.account", ("code", "=", code)) for use, code in ACCOUNTS.items()}
    chart.form.account_receivable = accounts["receivable"]
    chart.form.account_payable = accounts["payable"]
    chart.form.category_account_expense = accounts["expense"]
    chart.form.category_account_revenue = accounts["revenue"]
    chart.execute("create_properties")
    return accounts


def _fiscal_years(company: Any, this_year: int) -> None:
    for year in (this_year - 1, this_year, this_year + 1):
        fiscal = Model.get("account.fiscalyear")(name=str(year), company=company)
        fiscal.start_date, fiscal.end_date = date(year, 1, 1), date(year, 12, 31)
        fiscal.move_sequence = _sequence(company, "Account Move", f"M{year}-")
        numbers = fiscal.invoice_sequences[0]
        numbers.out_invoice_sequence = _sequence(company, "Invoice", f"INV{year}-")
        numbers.out_credit_note_sequence = _sequence(company, "Invoice", f"CN{year}-")
        bills = _sequence(company, "Invoice", f"BILL{year}-")
        numbers.in_invoice_sequence = numbers.in_credit_note_sequence = bills
        fiscal.save()
        fiscal.click("create_period")


def _sequence(company: Any, kind: str, prefix: str) -> Any:
    sequence_type = _one("ir.sequence.type", ("name", "=", kind))
    return _new(
        "ir.sequence.strict",
        name=f"{kind} {prefix}",
        sequence_type=sequence_type,
        company=company,
        prefix=prefix,
    )


def _taxes(company: Any, account: Any) -> dict[str, Any]:
    return {
        rate: _new(
            "account.tax",
            name=f"VAT {Decimal(rate):.0%}",
            description=f"VAT {Decimal(rate):.0%}",
            type="percentage",
            rate=Decimal(rate),
            company=company,
            invoice_account=account,
            credit_note_account=account,
        )
        for rate in RATES
    }


def _payment_term() -> Any:
    term = Model.get("account.invoice.payment_term")(name="Net 14")
    term.lines.new(type="remainder").relativedeltas.new(days=14)
    term.save()
    return term


def _payment_method(company: Any, cash: Any) -> Any:
    return _new(
        "account.invoice.payment.method",
        name="Bank",
        company=company,
        journal=_one("account.journal", ("type", "=", "cash")),
        credit_account=cash,
        debit_account=cash,
    )


def _product(accounts: dict[str, Any], tax: Any) -> Any:
    category = Model.get("product.category")(name="Goods", accounting=True)
    category.account_expense = accounts["expense"]
    category.account_revenue = accounts["revenue"]
    category.customer_taxes.append(Model.get("account.tax")(tax.id))
    category.save()
    template = Model.get("product.template")(name="Goods", type="goods", list_price=Decimal(20))
    template.default_uom = _one("product.uom", ("symbol", "=", "u"))
    template.account_category = category
    template.products[0].suffix_code = "GOODS"
    template.save()
    return template.products[0]


def _customer(term: Any) -> Any:
    customer = Model.get("party.party")(name="Erika Mustermann", code="CUST-1")
    address = customer.addresses.new() if not customer.addresses else customer.addresses[0]
    address.street_unstructured = "Hauptstraße 1"
    address.postal_code, address.city = "10115", "Berlin"
    address.country = _one("country.country", ("code", "=", "DE"))
    customer.contact_mechanisms.new(type="email", value="erika@example.org")
    customer.customer_payment_term = term
    customer.save()
    return customer


def _user(company: Any, login: str, password: str) -> str:
    """Key by which an outside system acts as this user, who may do everything."""
    user = Model.get("res.user")(name="Hub", login=login, password=password)
    for group in Model.get("res.group").find([]):
        user.groups.append(group)
    user.companies.append(Model.get("company.company")(company.id))
    user.company = company
    user.save()
    return str(_new("res.user.application", user=user, application="rest").key)
