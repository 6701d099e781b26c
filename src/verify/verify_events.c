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
        ocore_id command; /* of the last event */
        int64_t count;
        int64_t changes; /* commands that changed it: runs of events of one command */
        int64_t state;   /* of an order, by what happened */
        int64_t illegal; /* the first event that its state did not allow; 0: none */
} subject_view;

typedef struct event_walk {
        ocore__cursor events, effects, orders, holds;
        const ocore__above *effect, *order, *hold; /* the next one of each; NULL: there is none */
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
        default: break;
        }
        if (kind >= OCORE_EVENT_PAYMENT_TAKEN && kind <= OCORE_EVENT_PAYMENT_REFUNDED)
                return OCORE_STEP_PAY;
        if (kind >= OCORE_EVENT_FULFILLMENT_CREATED && kind <= OCORE_EVENT_FULFILLMENT_CANCELLED)
                return OCORE_STEP_FULFILL;
        if (kind >= OCORE_EVENT_RETURN_REQUESTED && kind <= OCORE_EVENT_RETURN_REFUNDED)
                return OCORE_STEP_RETURN;
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

        if (order->event_count != subject->count)
                status = ocore__found(verify, "E1", "sales_order", id,
                        "it says %d events, there are %d", &order->event_count, &subject->count);
        if (!status && order->version != subject->changes)
                status = ocore__found(verify, "O1", "sales_order", id,
                        "its version is %d, but %d commands changed it", &order->version,
                        &subject->changes);
        if (!status && subject->illegal)
                status = ocore__found(verify, "O1", "sales_order", id,
                        "event %d is a step that its state did not allow", &subject->illegal);
        if (!status && !subject->illegal && order->state != subject->state)
                status = ocore__found(verify, "O1", "sales_order", id,
                        "its state is %d, its events lead to %d", &order->state, &subject->state);
        return status;
}

/* What an order, a hold or a command must have of events. */
static int close_subject(ocore__verify *verify, event_walk *walk)
{
        const subject_view *subject = &walk->subject;
        char room[OCORE__SUBJECT_SIZE];
        int status;

        if (!subject->count)
                return OCORE_OK;
        ocore__subject(room, "%i", &subject->id);
        status = pass_silent(verify, &walk->orders, &walk->order, subject->id, 0);
        if (!status)
                status = pass_silent(verify, &walk->holds, &walk->hold, subject->id, 0);
        if (status)
                return status;
        if (is_next(walk->order, subject->id)) {
                status = close_order(verify, subject, walk->order->row, room);
                return status ? status : ocore__cursor_next(verify, &walk->orders, &walk->order);
        }
        if (is_next(walk->hold, subject->id)) {
                int64_t expected =
                        ((const ocore_hold *)walk->hold->row)->state == OCORE_HOLD_OPEN ? 1 : 2;

                if (subject->count != expected)
                        status = ocore__found(verify, "E1", "hold", room,
                                "it must have %d events, there are %d", &expected, &subject->count);
                return status ? status : ocore__cursor_next(verify, &walk->holds, &walk->hold);
        }
        if (subject->count != 1 || ocore__id_compare(subject->command, subject->id) != 0)
                return ocore__found(verify, "E1", "event", room,
                        "its subject is no order, no hold and not the command that caused it");
        return OCORE_OK;
}

/* Each command leaves one event that stands for it: the first of its run on an order, or the only
 * one elsewhere. A hold that becomes an allocation is told of by the order too. */
static int stands_for_command(const event_walk *walk, const ocore_event *event)
{
        return event->kind != OCORE_EVENT_HOLD_CONVERTED &&
               (event->number == 1 ||
                       ocore__id_compare(walk->subject.command, event->command_id) != 0);
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
        if (stands_for_command(walk, event))
                verify->commands -= id_hash(event->command_id);
        if (!subject->count || ocore__id_compare(subject->command, event->command_id) != 0)
                subject->changes++;
        follow(subject, event);
        subject->command = event->command_id;
        subject->count = expected;
        return status ? status : check_effect(verify, walk, event);
}

static int walk_events(ocore__verify *verify, event_walk *walk)
{
        const ocore__above *above;
        int status = ocore__cursor_next(verify, &walk->effects, &walk->effect);

        if (!status)
                status = ocore__cursor_next(verify, &walk->orders, &walk->order);
        if (!status)
                status = ocore__cursor_next(verify, &walk->holds, &walk->hold);
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
        if (!status)
                status = pass_silent(verify, &walk->orders, &walk->order, (ocore_id){{0}}, 1);
        return status ? status : pass_silent(verify, &walk->holds, &walk->hold, (ocore_id){{0}}, 1);
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
        ocore__cursor *cursors[] = {&walk.events, &walk.effects, &walk.orders, &walk.holds};
        int status;

        memset(&walk, 0, sizeof walk);
        ocore__cursor_init(verify, &walk.events, &ocore__event_table, 0, NULL);
        ocore__cursor_init(verify, &walk.effects, &ocore__effect_table, 0, NULL);
        ocore__cursor_init(verify, &walk.orders, &ocore__order_table, 0, NULL);
        ocore__cursor_init(verify, &walk.holds, &ocore__hold_table, 0, NULL);
        status = walk_events(verify, &walk);
        for (size_t i = 0; i < sizeof cursors / sizeof cursors[0]; i++)
                ocore__cursor_finish(cursors[i]);
        if (!status)
                status = each_row(verify, &ocore__command_table, NULL, sum_command);
        return status || !verify->commands ? status : name_commands(verify);
}
