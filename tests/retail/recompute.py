"""Computes stock, sales and refunds of the retail files without the library, by the rules that
docs/guide/retail.md writes down, and compares them with what `ordercore report` printed.

    recompute.py REPORT FILE.csv...   exit status 0: equal; 1: the differing skus are printed
    recompute.py - FILE.csv...        only prints what it has computed
"""
import calendar
import datetime
import re
import sys

HEADER = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice',
          'CustomerID', 'Country']
LIMIT = 10 ** 9
SHOWN = 50
PRINTABLE = re.compile(rb'[ -~]{0,64}')


def records(data):
    """(line number, fields) for each record of RFC 4180; fields is None for what is none."""
    at, line = 0, 1
    if data.startswith(b'\xef\xbb\xbf'):
        at = 3
    blank = re.compile(rb'\r?\n|\r\Z')
    plain = re.compile(rb'([^",\r\n]|\r(?!\n|\Z))*')
    quoted = re.compile(rb'"((?:[^"]|"")*)"')
    while at < len(data):
        empty = blank.match(data, at)
        if empty:
            at, line = empty.end(), line + 1
            continue
        begin, fields = at, []
        while True:
            found = (quoted if data[at:at + 1] == b'"' else plain).match(data, at)
            if not found:
                fields = None
                break
            text = found.group(0)
            fields.append(text[1:-1].replace(b'""', b'"') if text[:1] == b'"' else text)
            at = found.end()
            if data[at:at + 1] == b',':
                at += 1
                continue
            if at < len(data) and not blank.match(data, at):
                fields = None
            break
        if fields is None:
            at = begin
        end = data.find(b'\n', at)
        at = len(data) if end < 0 else end + 1
        yield line, fields
        line += data.count(b'\n', begin, at)


def number(text, decimals):
    """A plain decimal in units of its last place; None when it is none."""
    part = rb'(?:\.[0-9]{1,%d})?' % decimals if decimals else b''
    if not re.fullmatch(rb'-?[0-9]{1,12}' + part, text):
        return None
    whole, _, rest = text.lstrip(b'-').partition(b'.')
    value = int(whole + rest.ljust(decimals, b'0'))
    if value > LIMIT:
        return None
    return -value if text[:1] == b'-' else value


def moment(text):
    if not re.fullmatch(rb'[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}', text):
        return None
    try:
        parsed = datetime.datetime.strptime(text.decode(), '%Y-%m-%d %H:%M:%S')
    except ValueError:
        return None
    seconds = calendar.timegm(parsed.timetuple())
    return seconds if seconds >= 0 and parsed.second < 60 else None


def is_goods(sku):
    return bool(re.match(rb'[0-9]{5}|DCGS.', sku))


def judge(fields):
    """(invoice, sku, quantity, time, price, customer), or None for a line that is left out."""
    if len(fields) != len(HEADER):
        return None
    invoice, sku, _, quantity, at, price, customer, _ = fields
    invoice, sku, customer = invoice.strip(b' '), sku.strip(b' '), customer.strip(b' ')
    codes = all(PRINTABLE.fullmatch(text) for text in (invoice, sku, customer))
    sku, quantity, at, price = sku.upper(), number(quantity, 0), moment(at), number(price, 2)
    if not codes or not sku or quantity is None or at is None or price is None:
        return None
    cancels = invoice[:1] == b'C'
    if not re.fullmatch(rb'C?[0-9]+', invoice) or price < 0 or quantity == 0:
        return None
    if cancels and quantity > 0 or not cancels and quantity < 0 and not is_goods(sku):
        return None
    if len(customer) > 2 and customer.endswith(b'.0'):
        customer = customer[:-2]
    return invoice, sku, quantity, at, price, customer


def read(paths):
    """Invoices by time: (time, number, customer, [(sku, quantity, price)])."""
    invoices = {}
    left_out = 0
    for path in paths:
        with open(path, 'rb') as file:
            lines = records(file.read())
        _, header = next(lines)
        if [text.decode('latin-1') for text in header] != HEADER:
            sys.exit('%s: this is not the header of a retail file' % path)
        for _, fields in lines:
            line = judge(fields) if fields is not None else None
            if line is None:
                left_out += 1
                continue
            invoice, sku, quantity, at, price, customer = line
            one = invoices.setdefault(invoice, (at, invoice, customer, []))
            one[3].append((sku, quantity, price))
    return sorted(invoices.values(), key=lambda one: one[0]), left_out


class Books:
    def __init__(self):
        self.stock = {}    # goods: units for sale
        self.sales = {}    # sku: [ordered, returned, charged, refunded]
        self.bought = {}   # customer: his lines, [sku, units not returned, price]

    def open_day(self, invoices):
        """What the day needs beyond what is there is received before it begins."""
        wanted = {}
        for _, number_, _, lines in invoices:
            for sku, quantity, _ in lines:
                if is_goods(sku) and number_[:1] != b'C':
                    wanted[sku] = wanted.get(sku, 0) + abs(quantity)
        for sku, quantity in wanted.items():
            self.stock[sku] = max(self.stock.get(sku, 0), quantity)

    def sell(self, customer, lines):
        for sku, quantity, price in lines:
            if is_goods(sku):
                self.stock[sku] -= abs(quantity)
            if quantity < 0:
                continue
            row = self.sales.setdefault(sku, [0, 0, 0, 0])
            row[0] += quantity
            row[2] += quantity * price
            if customer:
                self.bought.setdefault(customer, []).append([sku, quantity, price])

    def take_back(self, customer, lines):
        for sku, quantity, _ in lines:
            rest = -quantity
            if is_goods(sku):
                self.stock[sku] = self.stock.get(sku, 0) + rest
            for line in reversed(self.bought.get(customer, [])):
                if line[0] != sku:
                    continue
                units = min(rest, line[1])
                line[1] -= units
                rest -= units
                self.sales[sku][1] += units
                self.sales[sku][3] += units * line[2]


def compute(paths):
    invoices, left_out = read(paths)
    books = Books()
    day = None
    for at, invoice, customer, lines in invoices:
        if at // 86400 != day:
            day = at // 86400
            books.open_day([one for one in invoices if one[0] // 86400 == day])
        if invoice[:1] == b'C':
            books.take_back(customer, lines)
        else:
            books.sell(customer, lines)
    return books, left_out


def pounds(minor):
    return '%d.%02d' % divmod(minor, 100)


def tables(books):
    """{table: {sku: the columns of the report that can be computed}}"""
    sales = {sku.decode(): {'currency': 'GBP', 'ordered': str(row[0]), 'returned': str(row[1]),
                            'sales': pounds(row[2]), 'refunded': pounds(row[3])}
             for sku, row in books.sales.items()}
    stock = {sku.decode(): {'site': 'main', 'lot': '-', 'available': str(units), 'held': '0',
                            'allocated': '0', 'picked': '0', 'inspection': '0', 'damaged': '0'}
             for sku, units in books.stock.items()}
    return {'sales': sales, 'stock': stock}


def report_tables(text):
    """The same from `ordercore report`: a title, a heading and the rows, for each table. A sku may
    hold blanks; the columns behind it do not."""
    found = {}
    rows = None
    for line in text.splitlines():
        title = re.fullmatch(r'(\w+): \d+ rows', line)
        if title:
            rows, heading = found.setdefault(title.group(1), {}), None
        elif rows is not None and heading is None:
            heading = line.split()
        elif rows is not None and line:
            cells = line.rsplit(None, len(heading) - 1)
            columns = {}
            for name, cell in zip(heading[1:], cells[1:]):
                columns.setdefault(name, cell)
            rows[cells[0].strip()] = columns
    return found


def differences(computed, reported):
    for table, rows in computed.items():
        theirs = reported.get(table, {})
        for sku in sorted(rows.keys() | theirs.keys()):
            mine, other = rows.get(sku), theirs.get(sku)
            if mine is None or other is None:
                yield '%s of %s: only %s' % (table, sku, 'reported' if mine is None else 'computed')
                continue
            for column, value in mine.items():
                if other.get(column) != value:
                    yield '%s of %s: %s is reported as %s, computed as %s' % (
                        table, sku, column, other.get(column), value)


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    books, left_out = compute(arguments[1:])
    computed = tables(books)
    if arguments[0] == '-':
        for table, rows in computed.items():
            for sku, columns in sorted(rows.items()):
                print(table, sku, *columns.values(), sep='\t')
        return 0
    with open(arguments[0], encoding='utf-8') as file:
        found = list(differences(computed, report_tables(file.read())))
    for line in found[:SHOWN]:
        print(line)
    if len(found) > SHOWN:
        print('and %d more' % (len(found) - SHOWN))
    print('recomputed: %d skus sold, %d in stock, %d lines left out: %s' % (
        len(computed['sales']), len(computed['stock']), left_out,
        '%d differences' % len(found) if found else 'equal'))
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
