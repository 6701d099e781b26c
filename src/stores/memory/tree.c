/*
 * The B+tree of tree.h. Leaves are chained; a full leaf that is appended to stays full. Nodes are
 * given back when they are empty rather than when they are half empty ("free at empty": Johnson
 * and Shasha, 1989), so that taking out needs no neighbours. Separators are the shortest keys
 * that still part two leaves (Bayer and Unterauer, 1977).
 */
#include "tree.h"
#include "base/endian.h"

#include <string.h>

enum { SLOTS_MIN = 4, SLOTS_MAX = 32, DEPTH_MAX = 24 };
enum { LINE_PAIR = 128 }; /* bytes: processors bring lines of 64 into the cache two at a time */

/* A key in a node. In an inner node the item is a separator that belongs to the node. */
typedef struct slot {
        uint64_t prefix; /* orders like the key does, as far as it goes */
        ocore__item *item;
} slot;

struct ocore__node {
        uint16_t count;    /* slots in use */
        uint16_t capacity; /* slots there are */
        uint16_t inner;    /* 1: behind the slots stand capacity + 1 children */
        uint16_t padding;
        ocore__node *next; /* leaves only */
        ocore__node *previous;
        slot slots[];
};

/* A key that is searched for. */
typedef struct target {
        const uint8_t *key;
        size_t size;
        uint64_t prefix;
        int past; /* keys that begin with it count as less */
} target;

/*
 * The first tag is the same in nearly all keys of a tree, so the prefix leaves it out; for a NULL
 * it is 0, which no other first column goes below. `fill` stands for bytes that are not there.
 */
static uint64_t prefix_of(const uint8_t *key, size_t size, uint8_t fill)
{
        uint8_t bytes[8];

        if (size >= 9)
                return key[0] == OCORE_CELL_NULL ? 0 : ocore__load_big(key + 1);
        if (size > 0 && key[0] == OCORE_CELL_NULL)
                return 0;
        memset(bytes, fill, sizeof bytes);
        if (size > 1)
                memcpy(bytes, key + 1, size - 1);
        return ocore__load_big(bytes);
}

static target target_of(const uint8_t *key, size_t size, int past)
{
        target sought = {key, size, prefix_of(key, size, past ? 0xff : 0), past};

        return sought;
}

static int compare(const ocore__item *item, const target *sought)
{
        size_t size = item->key_size < sought->size ? item->key_size : sought->size;
        int order = memcmp(item->key, sought->key, size);

        if (order != 0)
                return order;
        if (item->key_size < sought->size || sought->past)
                return -1;
        return item->key_size > sought->size;
}

static ocore__node **children_of(ocore__node *node)
{
        return (ocore__node **)(void *)(node->slots + node->capacity);
}

/*
 * How many slots have a prefix below: every eighth is looked at first, then the eight among which
 * the place is. No comparison waits for another, and none is a branch, because no one can foretell
 * them.
 */
static size_t count_below(const slot *slots, size_t count, uint64_t prefix)
{
        size_t eights = 0;
        size_t below;
        size_t end;
        size_t n;

        for (n = 7; n < count; n += 8)
                eights += slots[n].prefix < prefix;
        below = eights * 8;
        end = count < below + 8 ? count : below + 8;
        for (n = below; n < end; n++)
                below += slots[n].prefix < prefix;
        return below;
}

/* How many slots stand before the target; with `through` also the one that equals it. */
static size_t position_of(const ocore__node *node, const target *sought, int through)
{
        size_t low = count_below(node->slots, node->count, sought->prefix);
        size_t high = node->count;
        size_t middle;

        if (low == high || node->slots[low].prefix != sought->prefix)
                return low;
        if (low + 1 == high || node->slots[low + 1].prefix != sought->prefix)
                high = low + 1;
        else if (sought->prefix != UINT64_MAX)
                high = low + count_below(node->slots + low, high - low, sought->prefix + 1);
        /* Of keys that begin alike most are sought behind the last: look there first. */
        for (middle = high - 1; low < high; middle = low + (high - low) / 2) {
                int order = compare(node->slots[middle].item, sought);

                if (order < 0 || (order == 0 && through))
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* The way from the root to a leaf: which child was taken in each inner node. */
typedef struct path {
        ocore__node *node[DEPTH_MAX];
        size_t child[DEPTH_MAX];
        size_t depth; /* inner nodes on it */
} path;

/*
 * Asks for the whole node at once: a search reads it here and there, each time depending on what it
 * read before, and would wait for the memory several times over.
 */
static void fetch(const ocore__node *node)
{
#if defined(__GNUC__)
        const char *line = (const char *)node;
        const char *end = (const char *)&node->slots[SLOTS_MAX];

        for (; line < end; line += LINE_PAIR)
                __builtin_prefetch(line);
#else
        (void)node;
#endif
}

static ocore__node *descend(ocore__node *node, const target *sought, path *way)
{
        way->depth = 0;
        while (node->inner) {
                size_t child = position_of(node, sought, 1);

                way->node[way->depth] = node;
                way->child[way->depth++] = child;
                node = children_of(node)[child];
                fetch(node);
        }
        return node;
}

static ocore__node *leaf_of(ocore__node *node, const target *sought)
{
        while (node->inner) {
                node = children_of(node)[position_of(node, sought, 1)];
                fetch(node);
        }
        return node;
}

/* 1 if the target is greater than all that the tree holds. */
static int is_beyond(const ocore__tree *tree, const target *sought)
{
        const slot *last = &tree->last->slots[tree->last->count - 1];

        if (last->prefix != sought->prefix)
                return last->prefix < sought->prefix;
        return compare(last->item, sought) < 0;
}

ocore__item *ocore__tree_find(const ocore__tree *tree, const uint8_t *key, size_t size)
{
        target sought = target_of(key, size, 0);
        const ocore__node *leaf;
        size_t at;

        if (tree->root == NULL)
                return NULL;
        leaf = leaf_of(tree->root, &sought);
        at = position_of(leaf, &sought, 0);
        if (at == leaf->count || leaf->slots[at].prefix != sought.prefix ||
                compare(leaf->slots[at].item, &sought) != 0)
                return NULL;
        return leaf->slots[at].item;
}

ocore__place ocore__tree_seek(const ocore__tree *tree, const uint8_t *key, size_t size, int past)
{
        target sought = target_of(key, size, past);
        ocore__place place = {NULL, 0};

        if (tree->root != NULL) {
                place.leaf = leaf_of(tree->root, &sought);
                place.at = position_of(place.leaf, &sought, 0);
        }
        return place;
}

ocore__item *ocore__tree_next(ocore__place *place)
{
        if (place->leaf == NULL)
                return NULL;
        if (place->at == place->leaf->count) {
                if (place->leaf->next == NULL)
                        return NULL;
                place->leaf = place->leaf->next;
                place->at = 0;
        }
        return place->leaf->slots[place->at++].item;
}

ocore__item *ocore__tree_previous(ocore__place *place)
{
        if (place->leaf == NULL)
                return NULL;
        if (place->at == 0) {
                if (place->leaf->previous == NULL)
                        return NULL;
                place->leaf = place->leaf->previous;
                place->at = place->leaf->count;
        }
        return place->leaf->slots[--place->at].item;
}

static size_t node_size(size_t capacity, int inner)
{
        size_t size = sizeof(ocore__node) + capacity * sizeof(slot);

        return inner ? size + (capacity + 1) * sizeof(ocore__node *) : size;
}

static ocore__node *node_create(ocore__pool *pool, size_t capacity, int inner)
{
        ocore__node *node = ocore__pool_take(pool, node_size(capacity, inner));

        if (node == NULL)
                return NULL;
        memset(node, 0, sizeof *node);
        node->capacity = (uint16_t)capacity;
        node->inner = (uint16_t)inner;
        return node;
}

static void node_give(ocore__pool *pool, ocore__node *node)
{
        ocore__pool_give(pool, node, ocore__pool_class(node_size(node->capacity, node->inner)));
}

static ocore__item *separator_create(
        ocore__pool *pool, const ocore__item *left, const ocore__item *right)
{
        size_t size = 0;
        ocore__item *separator;

        while (size < left->key_size && left->key[size] == right->key[size])
                size++;
        size++; /* the first byte that differs; left is less, so right has it */
        separator = ocore__pool_take(pool, offsetof(ocore__item, key) + size);
        if (separator == NULL)
                return NULL;
        memset(separator, 0, offsetof(ocore__item, key));
        separator->key_size = (uint16_t)size;
        separator->class = (uint8_t)ocore__pool_class(offsetof(ocore__item, key) + size);
        memcpy(separator->key, right->key, size);
        return separator;
}

static void separator_give(ocore__pool *pool, ocore__item *separator)
{
        ocore__pool_give(pool, separator, separator->class);
}

static void put_slot(ocore__node *node, size_t at, ocore__item *item, uint64_t prefix)
{
        memmove(&node->slots[at + 1], &node->slots[at], (node->count - at) * sizeof(slot));
        node->slots[at].prefix = prefix;
        node->slots[at].item = item;
        node->count++;
}

/* A separator and the child behind it. */
static void put_child(ocore__node *node, size_t at, ocore__item *separator, ocore__node *child)
{
        ocore__node **children = children_of(node);

        memmove(&children[at + 2], &children[at + 1], (node->count - at) * sizeof *children);
        children[at + 1] = child;
        put_slot(node, at, separator, prefix_of(separator->key, separator->key_size, 0));
}

/* What a split needs, all gotten before anything is changed. */
typedef struct supplies {
        ocore__node *nodes[DEPTH_MAX + 1]; /* the right halves from the leaf up, then a root */
        size_t count;
        ocore__item *separator;
} supplies;

static void give_supplies(ocore__pool *pool, supplies *with)
{
        while (with->count > 0)
                node_give(pool, with->nodes[--with->count]);
        if (with->separator != NULL)
                separator_give(pool, with->separator);
}

/* A leaf and each full inner node above it will be split, the root perhaps topped. */
static int get_supplies(ocore__pool *pool, const path *way, const ocore__item *left,
        const ocore__item *right, supplies *with)
{
        size_t level = way->depth;
        size_t wanted = 1;

        while (level > 0 && way->node[level - 1]->count == SLOTS_MAX) {
                wanted++;
                level--;
        }
        if (level == 0)
                wanted++;
        with->count = 0;
        with->separator = way->depth < DEPTH_MAX ? separator_create(pool, left, right) : NULL;
        while (with->separator != NULL && with->count < wanted) {
                ocore__node *node = node_create(pool, SLOTS_MAX, with->count > 0);

                if (node == NULL)
                        break;
                with->nodes[with->count++] = node;
        }
        if (with->separator != NULL && with->count == wanted)
                return OCORE_OK;
        give_supplies(pool, with);
        return OCORE_NOMEM;
}

/*
 * Puts a separator and the child behind it into a full inner node: the upper half goes to
 * `right`, and the middle separator, which then parts the two, is returned. At the end of the
 * node nothing but the new child goes over, so that growing keys leave full nodes behind.
 */
static ocore__item *split_inner(ocore__node *node, ocore__node *right, size_t at,
        ocore__item *separator, ocore__node *child)
{
        size_t keep = at == node->count ? at : node->count / 2;
        size_t moved;
        ocore__item *middle;

        if (at == node->count) {
                children_of(right)[0] = child;
                return separator;
        }
        moved = node->count - keep - 1;
        middle = node->slots[keep].item;
        memcpy(right->slots, &node->slots[keep + 1], moved * sizeof(slot));
        memcpy(children_of(right), &children_of(node)[keep + 1],
                (moved + 1) * sizeof(ocore__node *));
        right->count = (uint16_t)moved;
        node->count = (uint16_t)keep;
        if (at <= keep)
                put_child(node, at, separator, child);
        else
                put_child(right, at - keep - 1, separator, child);
        return middle;
}

/* Makes a new right neighbour known to the nodes above. */
static void raise(ocore__tree *tree, const path *way, supplies *with, ocore__node *right)
{
        ocore__item *separator = with->separator;
        size_t level = way->depth;
        size_t used = 1;
        ocore__node *root;

        while (level > 0) {
                ocore__node *node = way->node[--level];
                size_t at = way->child[level];

                if (node->count < node->capacity) {
                        put_child(node, at, separator, right);
                        return;
                }
                separator = split_inner(node, with->nodes[used], at, separator, right);
                right = with->nodes[used++];
        }
        root = with->nodes[used];
        children_of(root)[0] = tree->root;
        put_child(root, 0, separator, right);
        tree->root = root;
}

static void link_behind(ocore__tree *tree, ocore__node *leaf, ocore__node *right)
{
        right->previous = leaf;
        right->next = leaf->next;
        if (leaf->next != NULL)
                leaf->next->previous = right;
        else
                tree->last = right;
        leaf->next = right;
}

/* Puts an item into a full leaf. */
static int insert_splitting(ocore__tree *tree, ocore__pool *pool, const path *way,
        ocore__node *leaf, size_t at, ocore__item *item, uint64_t prefix)
{
        size_t keep = at == leaf->count ? at : leaf->count / 2;
        /* The two that the separator parts; the new item may be either of them. */
        const ocore__item *below =
                at == keep && at < leaf->count ? item : leaf->slots[keep - 1].item;
        const ocore__item *above = at == leaf->count ? item : leaf->slots[keep].item;
        supplies with;
        ocore__node *right;
        int status = get_supplies(pool, way, below, above, &with);

        if (status != OCORE_OK)
                return status;
        right = with.nodes[0];
        right->count = (uint16_t)(leaf->count - keep);
        memcpy(right->slots, &leaf->slots[keep], right->count * sizeof(slot));
        leaf->count = (uint16_t)keep;
        if (at <= keep && at < SLOTS_MAX)
                put_slot(leaf, at, item, prefix);
        else
                put_slot(right, at - keep, item, prefix);
        link_behind(tree, leaf, right);
        raise(tree, way, &with, right);
        return OCORE_OK;
}

/* The first leaf is small and doubles: most trees of a small shop hold a few items. */
static ocore__node *grow_root(ocore__tree *tree, ocore__pool *pool)
{
        ocore__node *old = tree->root;
        ocore__node *node = node_create(pool, old != NULL ? old->capacity * 2u : SLOTS_MIN, 0);

        if (node == NULL)
                return NULL;
        if (old != NULL) {
                node->count = old->count;
                memcpy(node->slots, old->slots, old->count * sizeof(slot));
                node_give(pool, old);
        }
        tree->root = node;
        tree->last = node;
        return node;
}

int ocore__tree_insert(ocore__tree *tree, ocore__pool *pool, ocore__item *item, ocore__item **other)
{
        target sought = target_of(item->key, item->key_size, 0);
        ocore__node *leaf = tree->last;
        size_t at;
        path way;

        *other = NULL;
        if (tree->root == NULL) {
                leaf = grow_root(tree, pool);
                if (leaf == NULL)
                        return OCORE_NOMEM;
        } else if (is_beyond(tree, &sought) && leaf->count < leaf->capacity) {
                put_slot(leaf, leaf->count, item, sought.prefix);
                return OCORE_OK;
        }
        leaf = descend(tree->root, &sought, &way);
        at = position_of(leaf, &sought, 0);
        if (at < leaf->count && leaf->slots[at].prefix == sought.prefix &&
                compare(leaf->slots[at].item, &sought) == 0) {
                *other = leaf->slots[at].item;
                return OCORE_EXISTS;
        }
        if (leaf->count == SLOTS_MAX)
                return insert_splitting(tree, pool, &way, leaf, at, item, sought.prefix);
        if (leaf->count == leaf->capacity) {
                leaf = grow_root(tree, pool);
                if (leaf == NULL)
                        return OCORE_NOMEM;
        }
        put_slot(leaf, at, item, sought.prefix);
        return OCORE_OK;
}

/* Takes the child that has become empty out of the nodes above, which may become empty too. */
static void drop_child(ocore__tree *tree, ocore__pool *pool, const path *way)
{
        size_t level = way->depth;

        while (level > 0) {
                ocore__node *node = way->node[--level];
                ocore__node **children = children_of(node);
                size_t child = way->child[level];
                size_t at = child > 0 ? child - 1 : 0;

                if (node->count == 0) {
                        node_give(pool, node);
                        continue;
                }
                memmove(&children[child], &children[child + 1],
                        (node->count - child) * sizeof *children);
                separator_give(pool, node->slots[at].item);
                node->count--;
                memmove(&node->slots[at], &node->slots[at + 1], (node->count - at) * sizeof(slot));
                break;
        }
        while (tree->root->inner && tree->root->count == 0) {
                ocore__node *root = tree->root;

                tree->root = children_of(root)[0];
                node_give(pool, root);
        }
}

void ocore__tree_remove(ocore__tree *tree, ocore__pool *pool, const ocore__item *item)
{
        target sought = target_of(item->key, item->key_size, 0);
        path way;
        ocore__node *leaf = descend(tree->root, &sought, &way);
        size_t at = position_of(leaf, &sought, 0);

        leaf->count--;
        memmove(&leaf->slots[at], &leaf->slots[at + 1], (leaf->count - at) * sizeof(slot));
        if (leaf->count > 0)
                return;
        if (leaf->previous != NULL)
                leaf->previous->next = leaf->next;
        if (leaf->next != NULL)
                leaf->next->previous = leaf->previous;
        else
                tree->last = leaf->previous;
        if (leaf == tree->root)
                tree->root = NULL;
        node_give(pool, leaf);
        if (tree->root != NULL)
                drop_child(tree, pool, &way);
}
