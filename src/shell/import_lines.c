/*
 * The lines of the retail files: read, judged one by one, and put in the order in which it
 * happened. What is no line by the rules is told with file and line, counted and left out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import_retail.h"

enum { INVOICE, CODE, NAME, QUANTITY, DATE, PRICE, CUSTOMER, COUNTRY };

#define QUANTITY_MAX INT64_C(1000000000)
#define PRICE_MINOR_MAX INT64_C(1000000000)
#define CODE_MAX 64
#define NAME_MAX_BYTES 200
#define TOLD_MAX 20

const char *const retail_reasons[RETAIL_REASONS] = {
        [RETAIL_BAD_CSV] = "no proper CSV",
        [RETAIL_BAD_FIELD] = "a field that cannot be read",
        [RETAIL_NO_SALE] = "neither sale nor cancellation",
        [RETAIL_BELOW_ZERO] = "price below zero",
        [RETAIL_NOTHING] = "quantity zero",
        [RETAIL_WRONG_SIGN] = "cancellation above zero",
        [RETAIL_NO_STOCK] = "correction of what has no stock",
};

/* Where reading is, for messages. */
typedef struct place {
        const char *file;
        int64_t line;
} place;

static void leave_out(retail *self, const place *where, int reason, const char *detail)
{
        int64_t told = 0;
        for (int i = 0; i < RETAIL_REASONS; i++)
                told += self->lines_left_out[i];
        self->lines_left_out[reason]++;
        if (told < TOLD_MAX)
                fprintf(stderr, "ordercore: %s:%" PRId64 ": left out: %s\n", where->file,
                        where->line, detail != NULL ? detail : retail_reasons[reason]);
        else if (told == TOLD_MAX)
                fputs("ordercore: more lines are left out; they are only counted\n", stderr);
}

/* Bytes of the UTF-8 character at `p` (RFC 3629), 0 if it is malformed. */
static size_t character_size(const unsigned char *p, size_t size)
{
        static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        const size_t want = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
        if (want == 1)
                return 1;
        if (p[0] < 0xc2 || p[0] > 0xf4 || want > size)
                return 0;
        uint32_t code = p[0] & (0xffu >> (want + 1));
        for (size_t i = 1; i < want; i++) {
                if ((p[i] & 0xc0) != 0x80)
                        return 0;
                code = code << 6 | (p[i] & 0x3f);
        }
        return code < least[want] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0
                                                                                          : want;
}

static int is_utf8(ocore_str text)
{
        const unsigned char *p = (const unsigned char *)text.data;
        size_t at = 0;
        while (at < text.size) {
                const size_t size = character_size(p + at, text.size - at);
                if (size == 0)
                        return 0;
                at += size;
        }
        return 1;
}

/* A name as valid text: bytes that are no UTF-8 are read as Latin-1, control characters become
 * blanks, blanks at the ends go, and what is too long is cut. */
static ocore_str name_clean(ocore_str raw, char into[NAME_MAX_BYTES])
{
        const unsigned char *p = (const unsigned char *)raw.data;
        const int utf8 = is_utf8(raw);
        size_t size = 0;
        for (size_t at = 0; at < raw.size;) {
                const size_t step = utf8 ? character_size(p + at, raw.size - at) : 1;
                const int control =
                        p[at] < 0x20 || p[at] == 0x7f ||
                        (utf8 ? p[at] == 0xc2 && p[at + 1] < 0xa0 : p[at] >= 0x80 && p[at] < 0xa0);
                if (size + 4 > NAME_MAX_BYTES)
                        break;
                if (control) {
                        into[size++] = ' ';
                } else if (!utf8 && p[at] >= 0x80) {
                        into[size++] = (char)(0xc0 | p[at] >> 6);
                        into[size++] = (char)(0x80 | (p[at] & 0x3f));
                } else {
                        memcpy(into + size, p + at, step);
                        size += step;
                }
                at += step;
        }
        size_t first = 0;
        while (size > 0 && into[size - 1] == ' ')
                size--;
        while (first < size && into[first] == ' ')
                first++;
        return (ocore_str){into + first, size - first};
}

/* Printable ASCII, so that it can be a code. */
static int is_code(ocore_str text)
{
        for (size_t i = 0; i < text.size; i++)
                if (text.data[i] < ' ' || text.data[i] > '~')
                        return 0;
        return text.size <= CODE_MAX;
}

static size_t digits_at(ocore_str text, size_t at)
{
        size_t count = 0;
        while (at + count < text.size && text.data[at + count] >= '0' &&
                text.data[at + count] <= '9')
                count++;
        return count;
}

/* Reads "12", for `decimals` 2 also "12.5" and "12.50", in units of the last decimal. 0 for what is
 * no such number. */
static int number_read(ocore_str text, size_t decimals, int64_t max, int64_t *out)
{
        const size_t sign = text.size > 0 && text.data[0] == '-';
        const size_t whole = digits_at(text, sign);
        size_t part = 0;
        size_t end = sign + whole;
        int64_t value = 0;
        *out = 0;
        if (decimals > 0 && end < text.size && text.data[end] == '.') {
                part = digits_at(text, end + 1);
                end += 1 + part;
                if (part == 0)
                        return 0;
        }
        if (whole == 0 || whole > 12 || part > decimals || end != text.size)
                return 0;
        for (size_t i = sign; i < end; i++)
                if (text.data[i] != '.')
                        value = value * 10 + (text.data[i] - '0');
        for (; part < decimals; part++)
                value *= 10;
        *out = sign ? -value : value;
        return value <= max;
}

/* "2010-12-01 08:26:00", read as UTC. */
static int date_read(ocore_str text, int64_t *out_us)
{
        char moment[20];
        *out_us = 0;
        if (text.size != sizeof moment - 1 || text.data[10] != ' ')
                return 0;
        memcpy(moment, text.data, text.size);
        moment[10] = 'T';
        moment[19] = 'Z';
        return ocore_time_parse((ocore_str){moment, sizeof moment}, out_us) == OCORE_OK &&
               *out_us >= 0;
}

/* Goods have a code of five digits and perhaps letters, or one that begins with DCGS. */
static int64_t kind_of(ocore_str code)
{
        if (digits_at(code, 0) >= 5 || (code.size > 4 && memcmp(code.data, "DCGS", 4) == 0))
                return OCORE_PRODUCT_GOODS;
        if (code.size > 5 && memcmp(code.data, "GIFT_", 5) == 0)
                return OCORE_PRODUCT_SERVICE;
        return OCORE_PRODUCT_FEE;
}

/* The number of a code, whatever its case: the files write 85123A and 85123a for the same thing. */
static int sku_find(retail *self, ocore_str raw, size_t *out)
{
        char *code = (char *)raw.data; /* of a file's bytes, which are ours */
        for (size_t i = 0; i < raw.size; i++)
                if (code[i] >= 'a' && code[i] <= 'z')
                        code[i] = (char)(code[i] - 'a' + 'A');
        const size_t before = self->codes.count;
        if (!names_number(&self->codes, raw, out))
                return 0;
        if (self->codes.count == before)
                return 1;
        retail_sku *skus = array_grow(self->skus, &self->sku_room, *out + 1, sizeof *skus);
        if (skus == NULL)
                return 0;
        self->skus = skus;
        self->skus[*out] = (retail_sku){.code = raw, .kind = kind_of(raw)};
        return 1;
}

/* The number of a line's invoice; a new one takes time and customer from this line. */
static int invoice_find(retail *self, const ocore_str *fields, int64_t at_us, size_t *out)
{
        ocore_str customer = fields[CUSTOMER];
        const size_t before = self->numbers.count;
        if (!names_number(&self->numbers, fields[INVOICE], out))
                return 0;
        if (self->numbers.count == before)
                return 1;
        retail_invoice *invoices =
                array_grow(self->invoices, &self->invoice_room, *out + 1, sizeof *invoices);
        if (invoices == NULL)
                return 0;
        self->invoices = invoices;
        self->invoice_count = *out + 1;
        retail_invoice *invoice = &invoices[*out];
        *invoice = (retail_invoice){
                .number = fields[INVOICE],
                .customer = RETAIL_NOBODY,
                .order = *out,
                .at_us = at_us,
                .cancels = fields[INVOICE].data[0] == 'C',
        };
        if (customer.size > 2 && memcmp(customer.data + customer.size - 2, ".0", 2) == 0)
                customer.size -= 2; /* a number that went through a spreadsheet */
        return customer.size == 0 || names_number(&self->customers, customer, &invoice->customer);
}

/* Judges the fields of a line. NULL: it is good; else which reason, and *detail for the message. */
static int line_judge(
        const ocore_str *fields, retail_line *line, int64_t *at_us, const char **detail)
{
        const ocore_str invoice = fields[INVOICE];
        const size_t cancels = invoice.size > 0 && invoice.data[0] == 'C';
        const size_t digits = digits_at(invoice, cancels);
        *detail = NULL;
        *line = (retail_line){.quantity = 0};
        if (!is_code(invoice) || invoice.size == 0)
                *detail = "InvoiceNo is no number";
        else if (!is_code(fields[CODE]) || fields[CODE].size == 0)
                *detail = "StockCode is no code";
        else if (!number_read(fields[QUANTITY], 0, QUANTITY_MAX, &line->quantity))
                *detail = "Quantity is no whole number, or too large";
        else if (!date_read(fields[DATE], at_us))
                *detail = "InvoiceDate is not written as 2010-12-01 08:26:00";
        else if (!number_read(fields[PRICE], 2, PRICE_MINOR_MAX, &line->price_minor))
                *detail = "UnitPrice is no number of pounds and pence, or too large";
        else if (!is_code(fields[CUSTOMER]))
                *detail = "CustomerID is no code";
        if (*detail != NULL)
                return RETAIL_BAD_FIELD;
        if (digits == 0 || cancels + digits != invoice.size)
                return RETAIL_NO_SALE;
        if (line->price_minor < 0)
                return RETAIL_BELOW_ZERO;
        if (line->quantity == 0)
                return RETAIL_NOTHING;
        if (cancels && line->quantity > 0)
                return RETAIL_WRONG_SIGN;
        return RETAIL_REASONS;
}

/* A cleaned copy of a name; empty when there is none. 0 without memory. */
static int name_keep(ocore_str raw, ocore_str *out)
{
        char clean[NAME_MAX_BYTES];
        const ocore_str name = name_clean(raw, clean);
        *out = (ocore_str){NULL, 0};
        if (name.size == 0)
                return 1;
        char *kept = malloc(name.size);
        if (kept == NULL)
                return 0;
        memcpy(kept, name.data, name.size);
        *out = (ocore_str){kept, name.size};
        return 1;
}

static void blanks_cut(ocore_str *text)
{
        while (text->size > 0 && text->data[text->size - 1] == ' ')
                text->size--;
        while (text->size > 0 && text->data[0] == ' ')
                *text = (ocore_str){text->data + 1, text->size - 1};
}

/* Takes a record as a line, or leaves it out. 0 without memory. */
static int line_take(retail *self, const place *where, ocore_str *fields, size_t count)
{
        const char *detail = "there are not eight fields";
        retail_line line;
        int64_t at_us = 0;
        int reason = RETAIL_BAD_FIELD;
        if (count == CSV_FIELDS) {
                blanks_cut(&fields[INVOICE]);
                blanks_cut(&fields[CODE]);
                blanks_cut(&fields[CUSTOMER]);
                reason = line_judge(fields, &line, &at_us, &detail);
        }
        if (reason != RETAIL_REASONS) {
                leave_out(self, where, reason, detail);
                return 1;
        }
        if (!sku_find(self, fields[CODE], &line.sku))
                return 0;
        if (line.quantity < 0 && fields[INVOICE].data[0] != 'C' &&
                self->skus[line.sku].kind != OCORE_PRODUCT_GOODS) {
                leave_out(self, where, RETAIL_NO_STOCK, NULL);
                return 1;
        }
        if (!invoice_find(self, fields, at_us, &line.invoice))
                return 0;
        retail_line *lines =
                array_grow(self->lines, &self->line_room, self->line_count + 1, sizeof *lines);
        if (lines == NULL)
                return 0;
        self->lines = lines;
        if (!self->skus[line.sku].named && !name_keep(fields[NAME], &line.name))
                return 0;
        self->skus[line.sku].named |= line.name.size > 0;
        line.order = self->line_count;
        lines[self->line_count++] = line;
        return 1;
}

static int is_header(const ocore_str *fields, size_t count)
{
        static const char *const header[CSV_FIELDS] = {"InvoiceNo", "StockCode", "Description",
                "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"};
        for (size_t i = 0; i < CSV_FIELDS; i++)
                if (count != CSV_FIELDS || !ocore_str_equal(fields[i], ocore_str_of(header[i])))
                        return 0;
        return 1;
}

/* The whole of a file, kept until the end; NULL with errno when it cannot be read. */
static char *file_read(const char *path, size_t *size)
{
        FILE *file = fopen(path, "rb");
        char *bytes = NULL;
        size_t room = 0;
        *size = 0;
        if (file == NULL)
                return NULL;
        for (;;) {
                char *more = array_grow(bytes, &room, *size + 65536, 1);
                if (more == NULL)
                        break;
                bytes = more;
                const size_t got = fread(bytes + *size, 1, room - *size, file);
                *size += got;
                if (got == 0 && !ferror(file)) {
                        fclose(file);
                        return bytes;
                }
                if (got == 0)
                        break;
        }
        const int error = errno;
        free(bytes);
        fclose(file);
        errno = error;
        return NULL;
}

static int file_take(retail *self, const char *path)
{
        static const char mark[] = "\xef\xbb\xbf"; /* that some programs put before UTF-8 */
        ocore_str fields[CSV_FIELDS];
        place where = {path, 1};
        const char *why = NULL;
        size_t count = 0;
        size_t size = 0;
        char *bytes = file_read(path, &size);
        if (bytes == NULL) {
                return shell_failed(path, strerror(errno), "Nothing was imported.");
        }
        self->files[self->file_count++] = bytes;
        csv reader = {.at = bytes, .end = bytes + size, .next_line = 1};
        if (size >= sizeof mark - 1 && memcmp(bytes, mark, sizeof mark - 1) == 0)
                reader.at += sizeof mark - 1;
        if (csv_next(&reader, fields, &count, &why) != 1 || !is_header(fields, count)) {
                return shell_failed(path, "it does not begin as a retail file",
                        "Its first line must be InvoiceNo,StockCode,Description,Quantity,"
                        "InvoiceDate,UnitPrice,CustomerID,Country; nothing was imported.");
        }
        for (;;) {
                const int more = csv_next(&reader, fields, &count, &why);
                if (more == 0)
                        return SHELL_DONE;
                where.line = reader.line;
                self->lines_read++;
                if (more < 0)
                        leave_out(self, &where, RETAIL_BAD_CSV, why);
                else if (!line_take(self, &where, fields, count))
                        return shell_failed(path, "there was no memory", "Nothing was imported.");
        }
}

static int compare(int64_t a, int64_t b)
{
        return (a > b) - (a < b);
}

static int invoice_compare(const void *a, const void *b)
{
        const retail_invoice *one = a;
        const retail_invoice *two = b;
        const int by_time = compare(one->at_us, two->at_us);
        return by_time != 0 ? by_time : compare((int64_t)one->order, (int64_t)two->order);
}

static int line_compare(const void *a, const void *b)
{
        const retail_line *one = a;
        const retail_line *two = b;
        const int by_invoice = compare((int64_t)one->invoice, (int64_t)two->invoice);
        return by_invoice != 0 ? by_invoice : compare((int64_t)one->order, (int64_t)two->order);
}

/* Invoices by time, lines by invoice; each in the order of reading where that says nothing. */
static int put_in_order(retail *self)
{
        size_t *rank = calloc(self->invoice_count + 1, sizeof *rank);
        if (rank == NULL)
                return shell_failed(NULL, "there was no memory", "Nothing was imported.");
        if (self->line_count > 0) {
                qsort(self->invoices, self->invoice_count, sizeof *self->invoices, invoice_compare);
                for (size_t i = 0; i < self->invoice_count; i++)
                        rank[self->invoices[i].order] = i;
                for (size_t i = 0; i < self->line_count; i++)
                        self->lines[i].invoice = rank[self->lines[i].invoice];
                qsort(self->lines, self->line_count, sizeof *self->lines, line_compare);
        }
        free(rank);
        for (size_t i = self->line_count; i > 0; i--) {
                retail_invoice *invoice = &self->invoices[self->lines[i - 1].invoice];
                invoice->first = i - 1;
                invoice->line_count++;
        }
        return SHELL_DONE;
}

int retail_read(retail *self, int file_count, char **files)
{
        *self = (retail){.files = calloc((size_t)file_count, sizeof *self->files)};
        int end = SHELL_DONE;
        if (self->files == NULL)
                end = shell_failed(NULL, "there was no memory", "Nothing was imported.");
        for (int i = 0; i < file_count && end == SHELL_DONE; i++)
                end = file_take(self, files[i]);
        return end == SHELL_DONE ? put_in_order(self) : end;
}

void retail_free(retail *self)
{
        for (size_t i = 0; i < self->line_count; i++)
                free((char *)self->lines[i].name.data);
        for (size_t i = 0; i < self->file_count; i++)
                free(self->files[i]);
        free(self->files);
        free(self->lines);
        free(self->invoices);
        free(self->skus);
        names_free(&self->codes);
        names_free(&self->customers);
        names_free(&self->numbers);
        *self = (retail){.files = NULL};
}
