/* A Galera cluster for tests: the one that ORDERCORE_TEST_GALERA names, or one of their own. */
#ifndef ORDERCORE_TESTS_MARIADB_CLUSTER_H
#define ORDERCORE_TESTS_MARIADB_CLUSTER_H

#include <stddef.h>
#include <sys/types.h>

enum { CLUSTER_NODES = 3 };

typedef struct cluster {
        char nodes[CLUSTER_NODES][256]; /* conninfo of each, without a database */
        char folder[128];               /* of galera.sh; empty: another's, nothing can be killed */
        pid_t guard;                    /* ends the cluster should this program die; 0: not ours */
        int alarm;                      /* the guard waits for this end to close */
} cluster;

/* 0; 77 when it cannot be had here, and a sentence has said why. */
int cluster_start(cluster *self);
void cluster_stop(cluster *self);
/* SIGKILL for a node (from 0), and its return. */
void cluster_kill(const cluster *self, int node);
void cluster_rejoin(const cluster *self, int node);
/* A conninfo with all nodes, this one first. */
void cluster_from(const cluster *self, int node, char *out, size_t size);

#endif
