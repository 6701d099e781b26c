/*
 * Telling: the events of each subject are 1, 2, 3 … without gaps and as many as the subject says,
 * each command left one (E1), and an effect belongs to an event (E2).
 *
 * Commands and events are compared by the sum of the hashes of their ids, which needs no memory;
 * only when the sums differ are the ids gathered, to name what is missing.
 */
#include "verify.h"

#include "base/hash.h"

#include <string.h>

/* All events of one subject, as far as they were read. */
typedef struct subject_view {
        ocore_id id;
        ocore_id command;   /* of the last event */
        ocore_id stood;     /* the last command that an event here stands for */
        ocore_id placed;    /* of an order: the command that placed it */
        ocore_id converted; /* of a hold: the command that took the last of it */
        int64_t count;
        int64_t first_kind;
        int64_t last_kind;
        int64_t changes; /* commands that changed it: runs of events of one command */
        int64_t state;   /* of an order, by what happened */
        int64_t illegal; /* the first event that its state did not allow; 0: none */
} subject_view;

/* The tables whose rows count their events; each row begins with its id. */
enum { ORDERS, HOLDS, COUNTS, TRANSFERS, PURCHASES, KINDS };
static const struct {
        const ocore_table *table;
        size_t event_count;
} kinds[KINDS] = {
        [ORDERS] = {&ocore__order_table, offsetof(ocore_order, event_count)},
        [HOLDS] = {&ocore__hold_table, offsetof(ocore_hold, event_count)},
        [COUNTS] = {&ocore__count_table, offsetof(ocore_count, event_count)},
        [TRANSFERS] = {&ocore__transfer_table, offsetof(ocore_transfer, event_count)},
        [PURCHASES] = {&ocore__purchase_table, offsetof(ocore_purchase, event_count)},
};

typedef struct event_walk {
        ocore__cursor events, effects, rows[KINDS];
        const ocore__above *effect, *next[KINDS]; /* the next one of each; NULL: there is none */
        subject_view subject;
} event_walk;

static uint64_t id_hash(ocore_id id)
{
        return ocore__hash(id.bytes, sizeof id.bytes, 1);
}

/* Subjects before the one that is looked at have no events at all. */
static int pass_silent(ocore__verify *verify, ocore__cursor *cursor, const ocore__above **next,
        ocore_id until, int at_end)
{
        int status = OCORE_OK;

        while (!status && *next) {
                ocore_id id = OCORE__CONST_ID_AT((*next)->row, 0);
                char room[OCORE__SUBJECT_SIZE];

                if (!at_end && ocore__id_compare(id, until) >= 0)
                        return OCORE_OK;
                status = ocore__found(verify, "E1", cursor->table->name,
                        ocore__subject(room, "%i", &id), "it has no events");
                if (!status)
                        status = ocore__cursor_next(verify, cursor, next);
        }
        return status;
}

static int is_next(const ocore__above *next, ocore_id id)
{
        return next && ocore__id_compare(OCORE__CONST_ID_AT(next->row, 0), id) == 0;
}

/* The step of an order that an event tells of; 0: none of its own. */
static int64_t step_of(int64_t kind)
{
        switch (kind) {
        case OCORE_EVENT_ORDER_SAVED: return OCORE_STEP_SAVE;
        case OCORE_EVENT_ORDER_PLACED: return OCORE_STEP_PLACE;
        case OCORE_EVENT_ORDER_CONFIRMED: return OCORE_STEP_CONFIRM;
        case OCORE_EVENT_ORDER_CANCELLED: return OCORE_STEP_CANCEL;
        case OCORE_EVENT_LINES_CANCELLED: return OCORE_STEP_REDUCE;
        case OCORE_EVENT_ORDER_COMPLETED: return OCORE_STEP_COMPLETE;
        case OCORE_EVENT_BACKORDER_FILLED:
        case OCORE_EVENT_PROMISE_CHANGED:
        case OCORE_EVENT_ORDER_REALLOCATED: return OCORE_STEP_ALLOCATE;
        case OCORE_EVENT_ORDER_REPRICED: return OCORE_STEP_REPRICE;
        case OCORE_EVENT_FULFILLMENT_SHORT:
        case OCORE_EVENT_DROP_SHIPPED: return OCORE_STEP_FULFILL;
        default: break;
        }
        if (kind >= OCORE_EVENT_PAYMENT_TAKEN && kind <= OCORE_EVENT_PAYMENT_REFUNDED)
                return OCORE_STEP_PAY;
        if (kind >= OCORE_EVENT_FULFILLMENT_CREATED && kind <= OCORE_EVENT_FULFILLMENT_CANCELLED)
                return OCORE_STEP_FULFILL;
        if (kind >= OCORE_EVENT_RETURN_REQUESTED && kind <= OCORE_EVENT_RETURN_REFUNDED)
                return OCORE_STEP_RETURN;
        if (kind >= OCORE_EVENT_PURCHASE_PROPOSED && kind <= OCORE_EVENT_PURCHASE_CANCELLED)
                return OCORE_STEP_ALLOCATE;
        return 0;
}

/* Follows the state of an order along its table (O1). */
static void follow(subject_view *subject, const ocore_event *event)
{
        if (ocore__order_step(subject->state, step_of(event->kind), &subject->state) &&
                !subject->illegal)
                subject->illegal = event->number;
}

static int close_order(ocore__verify *verify, const subject_view *subject, const ocore_order *order,
        const char *id)
{
        int status = OCORE_OK;

        if (order->version != subject->changes)
                status = ocore__found(verify, "O1", "sales_order", id,
                        "its version is %d, but %d commands changed it", &order->version,
                        &subject->changes);
        if (!status && subject->illegal)
                status = ocore__found(verify, "O1", "sales_order", id,
                        "event %d is a step that its state did not allow", &subject->illegal);
        if (!status && !subject->illegal && order->state != subject->state)
                status = ocore__found(verify, "O1", "sales_order", id,
                        "its state is %d, its events lead to %d", &order->state, &subject->state);
        if (!status && order->placed_us && !ocore__id_is_none(order->hold_id)) {
                ocore__taking *taking;

                status = ocore__taking_of(verify, order->hold_id, subject->placed, &taking);
                if (status)
                        return status;
                taking->by_order = 1;
                taking->order_id = order->id;
        }
        return status;
}

/* The last event of a hold that is over says how it ended. */
static int close_hold(
        ocore__verify *verify, const subject_view *subject, const ocore_hold *hold, const char *id)
{
        const int64_t kind = subject->last_kind;
        int64_t state = kind == OCORE_EVENT_HOLD_CONVERTED  ? OCORE_HOLD_CONVERTED
                        : kind == OCORE_EVENT_HOLD_RELEASED ? OCORE_HOLD_RELEASED
                        : kind == OCORE_EVENT_HOLD_LAPSED   ? OCORE_HOLD_LAPSED
                                                            : OCORE_HOLD_OPEN;
        int status = OCORE_OK;

        if (hold->state != state)
                status = ocore__found(verify, "I4", "hold", id,
                        "its state is %d, its events lead to %d", &hold->state, &state);
        if (!status && kind == OCORE_EVENT_HOLD_CONVERTED) {
                ocore__taking *taking;

                status = ocore__taking_of(verify, hold->id, subject->converted, &taking);
                if (!status)
                        taking->hold_order = hold->order_id;
        }
        return status;
}

static int close_row(ocore__verify *verify, event_walk *walk, int kind, const char *id)
{
        const subject_view *subject = &walk->subject;
        const void *row = walk->next[kind]->row;
        const int64_t said = OCORE__CONST_NUMBER_AT(row, kinds[kind].event_count);
        int status = OCORE_OK;

        if (said != subject->count)
                status = ocore__found(verify, "E1", kinds[kind].table->name, id,
                        "it says %d events, there are %d", &said, &subject->count);
        if (!status && kind == ORDERS)
                status = close_order(verify, subject, row, id);
        if (!status && kind == HOLDS)
                status = close_hold(verify, subject, row, id);
        return status ? status : ocore__cursor_next(verify, &walk->rows[kind], &walk->next[kind]);
}

/* What a row that counts its events, or a command, must have of them. */
static int close_subject(ocore__verify *verify, event_walk *walk)
{
        const subject_view *subject = &walk->subject;
        char room[OCORE__SUBJECT_SIZE];
        int status = OCORE_OK;

        if (!subject->count)
                return OCORE_OK;
        ocore__subject(room, "%i", &subject->id);
        for (int i = 0; i < KINDS && !status; i++)
                status = pass_silent(verify, &walk->rows[i], &walk->next[i], subject->id, 0);
        for (int i = 0; i < KINDS && !status; i++)
                if (is_next(walk->next[i], subject->id))
                        return close_row(verify, walk, i, room);
        if (!status &&
                (subject->count != 1 || ocore__id_compare(subject->command, subject->id) != 0))
                status = ocore__found(verify, "E1", "event", room,
                        "its subject is no row that has events, and not the command that "
                        "caused it");
        return status;
}

/* Events that tell of what a command did beside its own business: to a hold that an order took
 * from, to the orders that goods came for, to the purchase orders drawn up for one. */
static int is_beside(const subject_view *subject, const ocore_event *event)
{
        const int own = ocore__id_compare(event->subject_id, event->command_id) == 0;

        switch (event->kind) {
        case OCORE_EVENT_HOLD_CONVERTED:
        case OCORE_EVENT_HOLD_REDUCED: return 1;
        case OCORE_EVENT_HOLD_RELEASED: /* nothing was left of it */
                return subject->last_kind == OCORE_EVENT_HOLD_REDUCED &&
                       ocore__id_compare(subject->command, event->command_id) == 0;
        case OCORE_EVENT_BACKORDER_FILLED:
        case OCORE_EVENT_PROMISE_CHANGED:
        case OCORE_EVENT_DROP_SHIPPED: return !own;
        case OCORE_EVENT_PURCHASE_PROPOSED: return event->number == 1 && !own;
        case OCORE_EVENT_PURCHASE_SENT:
        case OCORE_EVENT_PURCHASE_CONFIRMED:
        case OCORE_EVENT_PURCHASE_RECEIVED:
        case OCORE_EVENT_PURCHASE_CLOSED:
        case OCORE_EVENT_PURCHASE_CANCELLED:
                return subject->first_kind == OCORE_EVENT_ORDER_SAVED ||
                       subject->first_kind == OCORE_EVENT_ORDER_PLACED;
        default: return 0;
        }
}

/* Each command leaves one event that stands for it: the first of its run that is not beside. */
static int stands_for_command(subject_view *subject, const ocore_event *event)
{
        if (is_beside(subject, event) ||
                (subject->count && ocore__id_compare(subject->stood, event->command_id) == 0))
                return 0;
        subject->stood = event->command_id;
        return 1;
}

/* What orders and holds say of each other is compared at the end. */
static int note_taking(ocore__verify *verify, subject_view *subject, const ocore_event *event)
{
        const int converted = event->kind == OCORE_EVENT_HOLD_CONVERTED;
        ocore__taking *taking;
        int status;

        if (event->kind == OCORE_EVENT_ORDER_PLACED)
                subject->placed = event->command_id;
        if (converted)
                subject->converted = event->command_id;
        if (!converted && (event->kind != OCORE_EVENT_HOLD_REDUCED ||
                                  !ocore_str_equal(event->detail, ocore_str_of("order"))))
                return OCORE_OK;
        status = ocore__taking_of(verify, event->subject_id, event->command_id, &taking);
        if (!status)
                taking->by_hold = 1;
        return status;
}

static int check_effect(ocore__verify *verify, event_walk *walk, const ocore_event *event)
{
        int status = OCORE_OK;

        while (!status && walk->effect) {
                const ocore_effect *effect = walk->effect->row;
                int order = event ? ocore__id_compare(effect->subject_id, event->subject_id) : -1;
                int pending = effect->state == OCORE_EFFECT_PENDING;
                char room[OCORE__SUBJECT_SIZE];

                ocore__subject(room, "%i %d", &effect->subject_id, &effect->number);
                if (order > 0 || (order == 0 && effect->number > event->number))
                        return OCORE_OK;
                if (order < 0 || effect->number < event->number)
                        status = ocore__found(
                                verify, "E2", "effect", room, "there is no such event");
                else if (effect->kind != event->kind || pending != (effect->due_us != 0) ||
                         effect->attempts < 0)
                        status = ocore__found(verify, "E2", "effect", room,
                                "of kind %d in state %d it is due at %d; the event is of kind %d",
                                &effect->kind, &effect->state, &effect->due_us, &event->kind);
                if (!status)
                        status = ocore__cursor_next(verify, &walk->effects, &walk->effect);
        }
        return status;
}

static int take_event(ocore__verify *verify, event_walk *walk, const ocore_event *event)
{
        subject_view *subject = &walk->subject;
        char room[OCORE__SUBJECT_SIZE];
        int64_t expected;
        int status = OCORE_OK;

        if (!subject->count || ocore__id_compare(subject->id, event->subject_id) != 0) {
                status = close_subject(verify, walk);
                *subject = (subject_view){.id = event->subject_id};
        }
        expected = ocore__plus(subject->count, 1);
        if (!status && event->number != expected)
                status = ocore__found(verify, "E1", "event",
                        ocore__subject(room, "%i %d", &event->subject_id, &event->number),
                        "event %d is missing before it", &expected);
        if (!subject->count)
                subject->first_kind = event->kind;
        if (stands_for_command(subject, event))
                verify->commands -= id_hash(event->command_id);
        if (!status)
                status = note_taking(verify, subject, event);
        if (!subject->count || ocore__id_compare(subject->command, event->command_id) != 0)
                subject->changes++;
        follow(subject, event);
        subject->command = event->command_id;
        subject->last_kind = event->kind;
        subject->count = expected;
        return status ? status : check_effect(verify, walk, event);
}

static int walk_events(ocore__verify *verify, event_walk *walk)
{
        const ocore__above *above;
        int status = ocore__cursor_next(verify, &walk->effects, &walk->effect);

        for (int i = 0; i < KINDS && !status; i++)
                status = ocore__cursor_next(verify, &walk->rows[i], &walk->next[i]);
        if (!status)
                status = ocore__cursor_next(verify, &walk->events, &above);
        while (!status && above) {
                status = take_event(verify, walk, above->row);
                if (!status)
                        status = ocore__cursor_next(verify, &walk->events, &above);
        }
        if (!status)
                status = close_subject(verify, walk);
        if (!status)
                status = check_effect(verify, walk, NULL);
        for (int i = 0; i < KINDS && !status; i++)
                status = pass_silent(verify, &walk->rows[i], &walk->next[i], (ocore_id){{0}}, 1);
        return status;
}

/* A command that some event names. */
typedef struct named_command {
        uint64_t hash;
        ocore_id id;
        int there; /* its row was found */
} named_command;

static int same_command(const void *entry, const void *key)
{
        return ocore__id_compare(((const named_command *)entry)->id, *(const ocore_id *)key) == 0;
}

static int name_event(ocore__verify *verify, ocore__table_map *map, const void *row)
{
        const ocore_event *event = row;
        uint64_t hash = id_hash(event->command_id);
        named_command *command = ocore__table_find(map, hash, same_command, &event->command_id);

        if (command)
                return OCORE_OK;
        command = ocore__arena_zero(&verify->arena, 1, sizeof *command);
        if (!command)
                return OCORE_NOMEM;
        command->id = event->command_id;
        return ocore__table_add(verify, map, command, hash);
}

static int meet_command(ocore__verify *verify, ocore__table_map *map, const void *row)
{
        const ocore__command_row *command = row;
        named_command *named =
                ocore__table_find(map, id_hash(command->id), same_command, &command->id);
        char room[OCORE__SUBJECT_SIZE];

        if (!named)
                return ocore__found(verify, "E1", "command",
                        ocore__subject(room, "%i", &command->id), "it has no event");
        named->there = 1;
        return OCORE_OK;
}

static int sum_command(ocore__verify *verify, ocore__table_map *map, const void *row)
{
        (void)map;
        verify->commands += id_hash(((const ocore__command_row *)row)->id);
        return OCORE_OK;
}

static int each_row(ocore__verify *verify, const ocore_table *table, ocore__table_map *map,
        int (*each)(ocore__verify *verify, ocore__table_map *map, const void *row))
{
        ocore__cursor cursor;
        const ocore__above *above;
        int status;

        ocore__cursor_init(verify, &cursor, table, 0, NULL);
        status = ocore__cursor_next(verify, &cursor, &above);
        while (!status && above) {
                status = each(verify, map, above->row);
                if (!status)
                        status = ocore__cursor_next(verify, &cursor, &above);
        }
        ocore__cursor_finish(&cursor);
        return status;
}

/* The sums differ: which commands have no event, which events no command? */
static int name_commands(ocore__verify *verify)
{
        ocore__table_map map = {0};
        int64_t found = verify->found;
        int status = each_row(verify, &ocore__event_table, &map, name_event);

        if (!status)
                status = each_row(verify, &ocore__command_table, &map, meet_command);
        for (size_t i = 0; i < map.slot_count && !status; i++) {
                const named_command *command = map.slots[i];
                char room[OCORE__SUBJECT_SIZE];

                if (command && !command->there)
                        status = ocore__found(verify, "E1", "event", "",
                                "its command %s is not there",
                                ocore__subject(room, "%i", &command->id));
        }
        if (!status && found == verify->found)
                status = ocore__found(verify, "E1", "command", "",
                        "commands and the events that stand for them do not match");
        ocore__table_finish(verify, &map);
        return status;
}

int ocore__verify_events(ocore__verify *verify)
{
        event_walk walk;
        int status;

        memset(&walk, 0, sizeof walk);
        ocore__cursor_init(verify, &walk.events, &ocore__event_table, 0, NULL);
        ocore__cursor_init(verify, &walk.effects, &ocore__effect_table, 0, NULL);
        for (int i = 0; i < KINDS; i++)
                ocore__cursor_init(verify, &walk.rows[i], kinds[i].table, 0, NULL);
        status = walk_events(verify, &walk);
        ocore__cursor_finish(&walk.events);
        ocore__cursor_finish(&walk.effects);
        for (int i = 0; i < KINDS; i++)
                ocore__cursor_finish(&walk.rows[i]);
        if (!status)
                status = each_row(verify, &ocore__command_table, NULL, sum_command);
        return status || !verify->commands ? status : name_commands(verify);
}
