/*
 * Puts load on an NFSv3 server: some connections, some requests in flight on each, one kind of request.
 *
 * usage: nfsload URL CONNECTIONS DEPTH SECONDS OPERATION
 *   URL        libnfs URL of an exported directory that has bench/file (64 MiB), bench/dir (many entries) and is writable
 *   OPERATION  null getattr lookup access read32 read1m write32 write1m readdirplus create remove
 *              (remove takes away what create made, so run it after create)
 * prints: OPERATION CONNECTIONS operations-per-second MB-per-second, latencies in microseconds (mean, median, the 99th of
 * 100), and how many operations were done
 */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <nfsc/libnfs.h>
#include <nfsc/libnfs-raw.h>
#include <nfsc/libnfs-raw-nfs.h>

#define FILE_BYTES (64u << 20)
/* what nfs_get_fh() returns; libnfs 4 does not put it into a header */
struct nfs_fh { int len; char *val; };
static const char *op;
static int depth, stopping;
static uint64_t done_ops, done_bytes, latency_ns, failures;
static uint32_t names;
/* how many requests took how long: four steps for each doubling of the nanoseconds */
static uint64_t steps[256];
static char *payload;

struct conn {
    struct nfs_context *nfs;
    struct rpc_context *rpc;
    struct nfs_fh3 bench, file, dir;
    int inflight, index;
    uint64_t offset;
};
struct req { struct conn *c; uint64_t start; };

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void die(const char *what, const char *why) {
    fprintf(stderr, "nfsload: %s: %s\n", what, why);
    exit(1);
}

static void pump(struct conn *c, int timeout) {
    struct pollfd p = {rpc_get_fd(c->rpc), rpc_which_events(c->rpc), 0};
    if (poll(&p, 1, timeout) < 0 || rpc_service(c->rpc, p.revents) < 0) die("connection", rpc_get_error(c->rpc));
}

static int step_of(uint64_t ns) {
    if (ns < 4) return ns;
    int high = 63 - __builtin_clzll(ns);
    return high * 4 + (ns >> (high - 2) & 3);
}

/* the middle of the step that holds the request with this rank, in microseconds */
static double latency_at(double part) {
    uint64_t all = 0, sum = 0;
    for (int i = 0; i < 256; i++) all += steps[i];
    for (int i = 8; i < 256; i++)
        if ((sum += steps[i]) > all * part) return ((4 + (i & 3)) + 0.5) * (1ull << (i / 4 - 2)) / 1e3;
    return 0;
}

static struct nfs_fh3 found;
static int waiting;
static void looked_up(struct rpc_context *rpc, int status, void *data, void *private) {
    LOOKUP3res *r = data;
    if (status != RPC_STATUS_SUCCESS || r->status != NFS3_OK) die("lookup", private);
    found.data.data_len = r->LOOKUP3res_u.resok.object.data.data_len;
    found.data.data_val = malloc(found.data.data_len);
    memcpy(found.data.data_val, r->LOOKUP3res_u.resok.object.data.data_val, found.data.data_len);
    waiting = 0;
}
static struct nfs_fh3 lookup(struct conn *c, struct nfs_fh3 dir, char *name) {
    LOOKUP3args a = {{dir, name}};
    waiting = 1;
    if (rpc_nfs3_lookup_async(c->rpc, looked_up, &a, name)) die("lookup", rpc_get_error(c->rpc));
    while (waiting) pump(c, 1000);
    return found;
}

static void issue(struct conn *c);
static void finished(struct rpc_context *rpc, int status, void *data, void *private) {
    struct req *r = private;
    struct conn *c = r->c;
    int ok = status == RPC_STATUS_SUCCESS;
    if (ok && strcmp(op, "null") && *(nfsstat3 *) data != NFS3_OK) ok = 0;
    if (!ok) failures++;
    else {
        done_ops++;
        if (!strncmp(op, "read32", 6) || !strcmp(op, "read1m")) done_bytes += ((READ3res *) data)->READ3res_u.resok.count;
        if (!strncmp(op, "write", 5)) done_bytes += ((WRITE3res *) data)->WRITE3res_u.resok.count;
    }
    uint64_t took = now() - r->start;
    latency_ns += took;
    steps[step_of(took)]++;
    free(r);
    c->inflight--;
    if (!stopping) issue(c);
}

static void issue(struct conn *c) {
    struct req *r = malloc(sizeof *r);
    int e;
    char name[32];
    r->c = c;
    r->start = now();
    c->inflight++;
    if (!strcmp(op, "null")) e = rpc_nfs3_null_async(c->rpc, finished, r);
    else if (!strcmp(op, "getattr")) {
        GETATTR3args a = {c->file};
        e = rpc_nfs3_getattr_async(c->rpc, finished, &a, r);
    } else if (!strcmp(op, "lookup")) {
        LOOKUP3args a = {{c->bench, "file"}};
        e = rpc_nfs3_lookup_async(c->rpc, finished, &a, r);
    } else if (!strcmp(op, "access")) {
        ACCESS3args a = {c->file, 0x3f};
        e = rpc_nfs3_access_async(c->rpc, finished, &a, r);
    } else if (!strncmp(op, "read", 4) && strcmp(op, "readdirplus")) {
        uint32_t n = op[4] == '3' ? 32768 : 1048576;
        READ3args a = {c->file, c->offset, n};
        c->offset = (c->offset + n) % FILE_BYTES;
        e = rpc_nfs3_read_async(c->rpc, finished, &a, r);
    } else if (!strncmp(op, "write", 5)) {
        uint32_t n = op[5] == '3' ? 32768 : 1048576;
        WRITE3args a = {c->file, c->offset, n, UNSTABLE, {n, payload}};
        c->offset = (c->offset + n) % FILE_BYTES;
        e = rpc_nfs3_write_async(c->rpc, finished, &a, r);
    } else if (!strcmp(op, "readdirplus")) {
        READDIRPLUS3args a;
        memset(&a, 0, sizeof a);
        a.dir = c->dir;
        a.dircount = 32768;
        a.maxcount = 32768;
        e = rpc_nfs3_readdirplus_async(c->rpc, finished, &a, r);
    } else if (!strcmp(op, "create")) {
        CREATE3args a;
        memset(&a, 0, sizeof a);
        snprintf(name, sizeof name, "n%u", names++);
        a.where.dir = c->bench;
        a.where.name = name;
        a.how.mode = UNCHECKED;
        a.how.createhow3_u.obj_attributes.mode.set_it = 1;
        a.how.createhow3_u.obj_attributes.mode.set_mode3_u.mode = 0644;
        e = rpc_nfs3_create_async(c->rpc, finished, &a, r);
    } else if (!strcmp(op, "remove")) {
        REMOVE3args a = {{c->bench, name}};
        snprintf(name, sizeof name, "n%u", names++);
        e = rpc_nfs3_remove_async(c->rpc, finished, &a, r);
    } else die("operation", op);
    if (e) die("request", rpc_get_error(c->rpc));
}

int main(int argc, char **argv) {
    if (argc != 6) die("usage", "nfsload URL CONNECTIONS DEPTH SECONDS OPERATION");
    int n = atoi(argv[2]);
    depth = atoi(argv[3]);
    double seconds = atof(argv[4]);
    op = argv[5];
    payload = calloc(1, 1 << 20);
    struct conn *conns = calloc(n, sizeof *conns);
    for (int i = 0; i < n; i++) {
        struct conn *c = &conns[i];
        c->index = i;
        c->nfs = nfs_init_context();
        struct nfs_url *u = nfs_parse_url_dir(c->nfs, argv[1]);
        if (!u || nfs_mount(c->nfs, u->server, u->path)) die("mount", nfs_get_error(c->nfs));
        c->rpc = nfs_get_rpc_context(c->nfs);
        struct nfsfh *open_directory;
        if (nfs_open(c->nfs, "/bench", 0, &open_directory)) die("open", nfs_get_error(c->nfs));
        struct nfs_fh *fh = nfs_get_fh(open_directory);
        c->bench.data.data_len = fh->len;
        c->bench.data.data_val = fh->val;
        c->file = lookup(c, c->bench, "file");
        c->dir = lookup(c, c->bench, "dir");
        c->offset = (uint64_t) i * (FILE_BYTES / n) & ~1048575ull;
    }
    struct pollfd *p = calloc(n, sizeof *p);
    uint64_t t0 = now(), end = t0 + (uint64_t) (seconds * 1e9);
    for (int i = 0; i < n; i++) for (int d = 0; d < depth; d++) issue(&conns[i]);
    for (;;) {
        int busy = 0;
        if (now() > end || (!strcmp(op, "remove") && failures)) stopping = 1;
        for (int i = 0; i < n; i++) {
            p[i].fd = rpc_get_fd(conns[i].rpc);
            p[i].events = rpc_which_events(conns[i].rpc);
            busy += conns[i].inflight;
        }
        if (!busy) break;
        if (poll(p, n, 1000) < 0) die("poll", "failed");
        for (int i = 0; i < n; i++)
            if (p[i].revents && rpc_service(conns[i].rpc, p[i].revents) < 0) die("connection", rpc_get_error(conns[i].rpc));
    }
    double s = (now() - t0) / 1e9;
    printf("%s %d %.0f %.1f %.1f %.1f %.1f %llu", op, n, done_ops / s, done_bytes / s / 1e6,
           latency_ns / 1e3 / (done_ops + failures + 1e-9), latency_at(0.5), latency_at(0.99),
           (unsigned long long) done_ops);
    printf(failures && strcmp(op, "remove") ? " FAILURES %llu\n" : "\n", (unsigned long long) failures);
    return 0;
}
