/*
 * Proves that a conninfo is read as it is documented and that anything else is refused, from a
 * table of texts; and that a store of a config that cannot be right is not opened.
 */
#include "stores/mariadb/mariadb_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
        const char *conninfo;
        const char *said; /* all that was understood */
} good[] = {
        {"dbname=shop", "localhost:0 user=- password=- db=shop timeout=0"},
        {"host=db port=3307 user=u password=p dbname=shop connect_timeout=5",
                "db:3307 user=u password=p db=shop timeout=5"},
        {"host=a,b,c dbname=shop", "a:0 b:0 c:0 user=- password=- db=shop timeout=0"},
        {"host=a,b port=1,65535 dbname=x", "a:1 b:65535 user=- password=- db=x timeout=0"},
        {"host=a,b port=7 dbname=x", "a:7 b:7 user=- password=- db=x timeout=0"},
        {"socket=/run/a,/run/b dbname=x", "/run/a:0 /run/b:0 user=- password=- db=x timeout=0"},
        {"  dbname =  'a b'\tuser='it\\'s' password='\\\\ x'  ",
                "localhost:0 user=it's password=\\ x db=a b timeout=0"},
        {"dbname=x password=''", "localhost:0 user=- password= db=x timeout=0"},
        {"dbname=x password= user=u", "localhost:0 user=- password=user=u db=x timeout=0"},
        {"dbname=a dbname=b", "localhost:0 user=- password=- db=b timeout=0"},
        {"dbname=a\\ b", "localhost:0 user=- password=- db=a b timeout=0"},
};

static const char *const bad[] = {
        "",
        "shop",
        "dbname",
        "dbname=",
        "dbname=''",
        "host=a",
        "dbname=x hosts=a",
        "dbname='x",
        "dbname='x'y",
        "dbname=x\\",
        "dbname=x port=0 host=a",
        "dbname=x port=65536",
        "dbname=x port=x",
        "dbname=x port=",
        "dbname=x host=a,,b",
        "dbname=x host=,a",
        "dbname=x host=a,",
        "dbname=x host=a,b port=1,2,3",
        "dbname=x socket=run",
        "dbname=x connect_timeout=-1",
        "dbname=x connect_timeout=99999999999",
        "dbname=x =y",
        "dbname=x host=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
};

static void test_good(void **state)
{
        size_t n;

        (void)state;
        for (n = 0; n < sizeof good / sizeof good[0]; n++) {
                ocore__mariadb_info info;
                char said[256] = "";
                size_t used = 0;
                size_t host;

                assert_int_equal(ocore__mariadb_info_read(good[n].conninfo, &info), OCORE_OK);
                for (host = 0; host < info.host_count; host++)
                        used += (size_t)snprintf(said + used, sizeof said - used, "%s:%u ",
                                info.hosts[host], info.ports[host]);
                (void)snprintf(said + used, sizeof said - used,
                        "user=%s password=%s db=%s timeout=%u", info.user ? info.user : "-",
                        info.password ? info.password : "-", info.database, info.connect_timeout_s);
                assert_string_equal(said, good[n].said);
                ocore__mariadb_info_finish(&info);
        }
}

static void test_bad(void **state)
{
        size_t n;

        (void)state;
        for (n = 0; n < sizeof bad / sizeof bad[0]; n++) {
                ocore__mariadb_info info;
                int status = ocore__mariadb_info_read(bad[n], &info);

                if (status != OCORE_INVALID)
                        fail_msg("\"%s\" was read", bad[n]);
                assert_null(info.room);
        }
}

static void assert_invalid(const ocore_mariadb_config *config)
{
        ocore_store out = {.ops = (const ocore_store_ops *)(uintptr_t)config};

        assert_int_equal(ocore_mariadb_store(config, &out), OCORE_INVALID);
        assert_null(out.ops);
        assert_null(out.self);
}

static void test_config(void **state)
{
        ocore_mariadb_config config = {.struct_size = sizeof config, .conninfo = "dbname=x"};
        ocore_mariadb_config wrong = config;

        (void)state;
        assert_int_equal(ocore_mariadb_store(&config, NULL), OCORE_INVALID);
        assert_invalid(NULL);
        wrong.struct_size--;
        assert_invalid(&wrong);
        wrong = config;
        wrong.conninfo = NULL;
        assert_invalid(&wrong);
        wrong = config;
        wrong.connection = (struct st_mysql *)(uintptr_t)&config;
        assert_invalid(&wrong);
        wrong = config;
        wrong.attempts_max = -1;
        assert_invalid(&wrong);
        wrong = config;
        wrong.deadline_ms = -1;
        assert_invalid(&wrong);
        wrong = config;
        wrong.conninfo = "dbname";
        assert_invalid(&wrong);
}

/* Where nobody listens the answer comes at once, whatever the deadline. */
static void test_nobody(void **state)
{
        ocore_mariadb_config config = {
                .struct_size = sizeof config, .conninfo = "socket=/nowhere/at/all dbname=x"};
        ocore_store out;

        (void)state;
        assert_int_equal(ocore_mariadb_store(&config, &out), OCORE_STORE);
        assert_null(out.self);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_good),
                cmocka_unit_test(test_bad),
                cmocka_unit_test(test_config),
                cmocka_unit_test(test_nobody),
        };
        int failed = cmocka_run_group_tests_name("mariadb conninfo", tests, NULL, NULL);

        mysql_library_end();
        return failed;
}
