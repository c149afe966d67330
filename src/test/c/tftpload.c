/*
 * Puts load on a TFTP server: many downloads of one file at once, on one thread. Every block is compared with a local copy.
 *
 * usage: tftpload ADDRESS PORT NAME COPY BLKSIZE WINDOW CLIENTS LOSS
 *   NAME   the file to ask for
 *   COPY   the same file on this side
 *   LOSS   probability with which a packet is dropped, in either direction (0 to 1)
 * prints: seconds bytes failed, and on standard error the first failures
 *
 * A client repeats its last packet after a second of silence and is lost after sixty.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull
#define LOST (60 * SECOND)
#define EVENTS 256
#define BATCH 32

struct client {
    int fd, connected, done, blksize, window, in_window;
    uint64_t expected, bytes, heard, said;
};

static struct sockaddr_in server;
static char request[700];
static size_t request_length;
static const char *copy;
static uint64_t size;
static double loss;
static int running, failed;
static uint8_t packets[BATCH][65536];

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static void die(const char *what) {
    fprintf(stderr, "tftpload: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* The same losses in every run. */
static int lost(void) {
    static uint64_t state = 4711;
    if (loss == 0) return 0;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 11) / (double) (1ull << 53) < loss;
}

static void put(const char *word) {
    size_t length = strlen(word) + 1;
    if (request_length + length > sizeof request) {
        errno = E2BIG;
        die("request");
    }
    memcpy(request + request_length, word, length);
    request_length += length;
}

static void finish(struct client *c, const char *problem) {
    if (c->done) return;
    c->done = 1;
    running--;
    if (problem && failed++ < 3) fprintf(stderr, "%s at block %llu\n", problem, (unsigned long long) c->expected);
    close(c->fd);
}

static void ask(struct client *c) {
    c->said = now();
    if (!lost()) sendto(c->fd, request, request_length, 0, (struct sockaddr *) &server, sizeof server);
}

static void acknowledge(struct client *c) {
    uint16_t number = c->expected - 1;
    uint8_t ack[4] = {0, 4, number >> 8, number};
    if (loss == 0 || !lost()) send(c->fd, ack, sizeof ack, 0);
}

static void agree(struct client *c, char *p, char *end) {
    while (p < end) {
        char *value = p + strlen(p) + 1;
        if (value >= end) return;
        if (!strcmp(p, "blksize")) c->blksize = atoi(value);
        if (!strcmp(p, "windowsize")) c->window = atoi(value);
        p = value + strlen(value) + 1;
    }
}

static void received(struct client *c, uint8_t *p, int length) {
    if (length < 4) return;
    int number = p[2] << 8 | p[3];
    if (p[1] == 6) {
        p[length] = 0;
        if (c->expected == 1) {
            agree(c, (char *) p + 2, (char *) p + length);
            acknowledge(c);
        }
    } else if (p[1] == 5) {
        p[length] = 0;
        finish(c, length > 4 && p[4] ? (char *) p + 4 : "ERROR packet");
    } else if (p[1] != 3) {
        finish(c, "not a DATA packet");
    } else if ((uint64_t) number != (c->expected & 0xffff)) {
        /* An old block: its acknowledgement was lost. A new one: a block was. */
        c->in_window = 0;
        acknowledge(c);
    } else {
        uint64_t count = length - 4;
        if (c->bytes + count > size || memcmp(copy + c->bytes, p + 4, count)) {
            finish(c, "wrong content");
            return;
        }
        c->bytes += count;
        c->expected++;
        int last = count < (uint64_t) c->blksize;
        if (last || ++c->in_window == c->window) {
            c->in_window = 0;
            acknowledge(c);
        }
        if (last) finish(c, c->bytes == size ? 0 : "too few bytes");
    }
}

static void first(struct client *c) {
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    int count = recvfrom(c->fd, packets[0], sizeof packets[0] - 1, 0, (struct sockaddr *) &peer, &length);
    if (count < 0) return;
    if (connect(c->fd, (struct sockaddr *) &peer, sizeof peer)) die("connect");
    c->connected = 1;
    if (!lost()) received(c, packets[0], count);
}

/* Blocks of a window come together; in lockstep there is one at a time, and looking for a second costs a call. */
static void ready(struct client *c) {
    c->heard = now();
    if (!c->connected) {
        first(c);
        return;
    }
    if (c->window == 1) {
        int count = recv(c->fd, packets[0], sizeof packets[0] - 1, 0);
        if (count >= 0 && !lost()) received(c, packets[0], count);
        if (count < 0 && errno == ECONNREFUSED) finish(c, "the server's port is closed");
        return;
    }
    struct mmsghdr headers[BATCH];
    struct iovec vectors[BATCH];
    memset(headers, 0, sizeof headers);
    for (int i = 0; i < BATCH; i++) {
        vectors[i] = (struct iovec) {packets[i], sizeof packets[i] - 1};
        headers[i].msg_hdr.msg_iov = &vectors[i];
        headers[i].msg_hdr.msg_iovlen = 1;
    }
    int count = recvmmsg(c->fd, headers, BATCH, 0, 0);
    if (count < 0 && errno == ECONNREFUSED) finish(c, "the server's port is closed");
    for (int i = 0; i < count && !c->done; i++) {
        if (!lost()) received(c, packets[i], headers[i].msg_len);
    }
}

static void tick(struct client *c, uint64_t time) {
    if (c->done || time < c->heard + SECOND) return;
    if (time > c->heard + LOST) {
        finish(c, "silence");
    } else if (time > c->said + SECOND) {
        c->said = time;
        c->in_window = 0;
        if (c->connected) acknowledge(c); else ask(c);
    }
}

static void load(const char *path) {
    struct stat status;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &status)) die(path);
    size = status.st_size;
    copy = mmap(0, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (copy == MAP_FAILED) die(path);
    close(fd);
}

int main(int argc, char **argv) {
    if (argc != 9) {
        fprintf(stderr, "usage: tftpload ADDRESS PORT NAME COPY BLKSIZE WINDOW CLIENTS LOSS\n");
        return 2;
    }
    server.sin_family = AF_INET;
    server.sin_port = htons(atoi(argv[2]));
    if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) die(argv[1]);
    load(argv[4]);
    int clients = atoi(argv[7]);
    loss = atof(argv[8]);
    request[1] = 1;
    request_length = 2;
    const char *words[] = {argv[3], "octet", "tsize", "0", "blksize", argv[5], "windowsize", argv[6]};
    for (int i = 0; i < (atoi(argv[6]) > 1 ? 8 : 6); i++) put(words[i]);

    int poll = epoll_create1(0);
    struct client *all = calloc(clients, sizeof *all);
    if (poll < 0 || !all) die("epoll_create1");
    for (int i = 0; i < clients; i++) {
        struct client *c = &all[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr = server.sin_addr};
        int room = 1 << 20;
        c->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        if (c->fd < 0) die("socket");
        setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        if (bind(c->fd, (struct sockaddr *) &local, sizeof local)) die("bind");
        if (epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event)) die("epoll_ctl");
        c->blksize = 512;
        c->window = 1;
        c->expected = 1;
    }
    uint64_t began = now(), scan = began;
    running = clients;
    for (int i = 0; i < clients; i++) {
        all[i].heard = now();
        ask(&all[i]);
    }
    while (running > 0) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(poll, events, EVENTS, 20);
        for (int i = 0; i < count; i++) {
            struct client *c = events[i].data.ptr;
            if (!c->done) ready(c);
        }
        uint64_t time = now();
        if (time > scan) {
            scan = time + SECOND / 50;
            for (int i = 0; i < clients; i++) tick(&all[i], time);
        }
    }
    uint64_t bytes = 0;
    for (int i = 0; i < clients; i++) bytes += all[i].bytes;
    printf("%.6f %llu %d\n", (now() - began) / 1e9, (unsigned long long) bytes, failed);
    return 0;
}
