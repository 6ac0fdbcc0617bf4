/* An SMTP server that takes everything and keeps nothing: for measuring senders, so it must never be the limit.
 *
 *     sink [-d MICROSECONDS] [-l SECONDS]
 *
 * Listens on a free port of 127.0.0.1 and prints "port N". Offers PIPELINING (RFC 2920). Of a body it looks only for
 * the end, wherever reads cut it. With -d every reply waits for so long: a sender then sees that round trip, however
 * many connections it has. When it is told to end (SIGTERM, SIGINT), after -l seconds (600), or when the process that
 * started it is gone, it prints "messages N" and ends. For Linux (epoll).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_CONNECTIONS = 4096, /* file descriptors, to be exact */
    LONGEST_LINE = 1024,     /* RFC 5321, 4.5.3.1, asks for 512 */
    AT_A_TIME = 128 * 1024,  /* read at once */
    MOST_WAITING = 1 << 16,  /* replies that wait for their time */
    LONGEST_REPLY = 256,     /* what is written at once */
};

struct connection {
    unsigned generation; /* tells it from an earlier one of the same number, to which replies may still wait */
    bool in_body, has_recipient, leaving;
    size_t kept; /* what the last read left over: half a command, or what may be half an end */
    char keep[LONGEST_LINE];
};

struct waiting {
    uint64_t due; /* ns */
    int number;
    unsigned generation;
    bool last;
    size_t length;
    char text[LONGEST_REPLY];
};

static struct connection connections[MOST_CONNECTIONS];
static struct waiting queue[MOST_WAITING]; /* a ring: as every reply waits equally long, the first is due first */
static size_t queue_first, queue_length;
static char buffer[LONGEST_LINE + AT_A_TIME];
static char reply[LONGEST_REPLY]; /* what is to be written to the connection that is being read */
static size_t reply_length;
static uint64_t delay, messages;
static int events, timer;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void watch(int number)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = number};
    if (epoll_ctl(events, EPOLL_CTL_ADD, number, &event))
        fail("epoll_ctl");
}

static void hang_up(int number)
{
    connections[number].generation++;
    close(number);
}

/* A sender that leaves so many replies unread that they do not fit into the socket is hung up on. */
static bool write_out(int number, const char *text, size_t length)
{
    return send(number, text, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length;
}

static void set_timer(void)
{
    uint64_t due = queue_length ? queue[queue_first].due : 0; /* 0: off */
    struct itimerspec at = {.it_value = {.tv_sec = (time_t)(due / 1000000000u), .tv_nsec = (long)(due % 1000000000u)}};
    if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL))
        fail("timerfd_settime");
}

static void put_off(int number, bool last)
{
    if (queue_length == MOST_WAITING) {
        fprintf(stderr, "sink: more than %d replies wait\n", MOST_WAITING);
        exit(1);
    }
    struct waiting *waiting = &queue[(queue_first + queue_length++) % MOST_WAITING];
    waiting->due = now() + delay;
    waiting->number = number;
    waiting->generation = connections[number].generation;
    waiting->last = last;
    waiting->length = reply_length;
    memcpy(waiting->text, reply, reply_length);
    if (queue_length == 1)
        set_timer();
}

/* Write what has been answered so far, now or later. False when that was the connection's end. */
static bool flush(int number, bool last)
{
    bool goes_on = true;
    if (delay && (reply_length || last)) {
        put_off(number, last);
    } else if (!delay) {
        goes_on = (!reply_length || write_out(number, reply, reply_length)) && !last;
        if (!goes_on)
            hang_up(number);
    }
    reply_length = 0;
    return goes_on;
}

static void write_due(void)
{
    uint64_t times, until = now();
    if (read(timer, &times, sizeof times) < 0 && errno != EAGAIN)
        fail("read");
    while (queue_length && queue[queue_first].due <= until) {
        struct waiting *waiting = &queue[queue_first];
        queue_first = (queue_first + 1) % MOST_WAITING;
        queue_length--;
        if (waiting->generation != connections[waiting->number].generation)
            continue;
        if (!write_out(waiting->number, waiting->text, waiting->length) || waiting->last)
            hang_up(waiting->number);
    }
    set_timer();
}

static bool is(const char *line, size_t length, const char *command)
{
    size_t whole = strlen(command);
    return length >= whole && !strncasecmp(line, command, whole);
}

static const char *answer(struct connection *connection, const char *line, size_t length)
{
    if (is(line, length, "EHLO "))
        return "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n";
    if (is(line, length, "HELO "))
        return "250 sink.example\r\n";
    if (is(line, length, "MAIL FROM:") || is(line, length, "RSET")) {
        connection->has_recipient = false;
        return "250 2.0.0 Ok\r\n";
    }
    if (is(line, length, "RCPT TO:")) {
        connection->has_recipient = true;
        return "250 2.1.5 Ok\r\n";
    }
    if (is(line, length, "DATA")) {
        if (!connection->has_recipient)
            return "503 5.5.1 RCPT first\r\n";
        connection->in_body = true;
        return "354 Go on\r\n";
    }
    if (is(line, length, "NOOP"))
        return "250 2.0.0 Ok\r\n";
    if (is(line, length, "QUIT")) {
        connection->leaving = true;
        return "221 2.0.0 Goodbye\r\n";
    }
    return "502 5.5.2 Not known here\r\n";
}

static bool say(int number, const char *text)
{
    size_t length = strlen(text);
    if (reply_length + length > LONGEST_REPLY && !flush(number, false))
        return false;
    memcpy(reply + reply_length, text, length);
    reply_length += length;
    return true;
}

/* Work off what has come; return how much of it, or SIZE_MAX when the connection is gone. */
static size_t take(int number, const char *text, size_t length)
{
    struct connection *connection = &connections[number];
    size_t at = 0;
    for (;;) {
        const char *from = text + at;
        if (connection->in_body) {
            const char *end = memmem(from, length - at, "\r\n.\r\n", 5);
            if (!end) /* its last four bytes may be the beginning of the end */
                return length - at > 4 ? length - 4 : at;
            at = (size_t)(end - text) + 5;
            connection->in_body = connection->has_recipient = false;
            messages++;
            if (!say(number, "250 2.0.0 Taken\r\n"))
                return SIZE_MAX;
        } else {
            const char *end = memmem(from, length - at, "\r\n", 2);
            if (!end)
                return at;
            at = (size_t)(end - text) + 2;
            if (!say(number, answer(connection, from, (size_t)(end - from))))
                return SIZE_MAX;
            if (connection->in_body) /* an empty body ends with the command's own CRLF and a dot */
                at -= 2;
            if (connection->leaving)
                return flush(number, true) ? length : SIZE_MAX;
        }
    }
}

static void read_from(int number)
{
    struct connection *connection = &connections[number];
    memcpy(buffer, connection->keep, connection->kept);
    ssize_t got = recv(number, buffer + connection->kept, AT_A_TIME, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return; /* the number is a new connection's since this was announced */
    if (got <= 0) {
        hang_up(number);
        return;
    }
    if (connection->leaving)
        return;
    size_t length = connection->kept + (size_t)got;
    size_t taken = take(number, buffer, length);
    if (taken == SIZE_MAX)
        return;
    connection->kept = length - taken;
    if (connection->kept > LONGEST_LINE) {
        hang_up(number);
        return;
    }
    memcpy(connection->keep, buffer + taken, connection->kept);
    flush(number, false);
}

static void welcome(int listener)
{
    int yes = 1, number = accept(listener, NULL, NULL);
    if (number < 0)
        return; /* it has gone again */
    if (number >= MOST_CONNECTIONS) {
        close(number);
        return;
    }
    setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    unsigned generation = connections[number].generation;
    connections[number] = (struct connection){.generation = generation};
    watch(number);
    reply_length = 0;
    say(number, "220 sink.example ESMTP\r\n");
    flush(number, false);
}

static int listen_locally(void)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&place, size) || listen(listener, MOST_CONNECTIONS))
        fail("listen");
    if (getsockname(listener, (struct sockaddr *)&place, &size))
        fail("getsockname");
    printf("port %d\n", ntohs(place.sin_port));
    fflush(stdout);
    return listener;
}

static int watch_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGALRM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    return signalfd(-1, &signals, 0);
}

int main(int count, char **arguments)
{
    unsigned lifetime = 600;
    for (int option; (option = getopt(count, arguments, "d:l:")) != -1;) {
        if (option == 'd')
            delay = strtoull(optarg, NULL, 10) * 1000;
        else if (option == 'l')
            lifetime = (unsigned)strtoul(optarg, NULL, 10);
        else
            return 2;
    }
    events = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    int signals = watch_signals(), listener = listen_locally();
    watch(timer);
    watch(signals);
    watch(listener);
    alarm(lifetime);
    for (bool goes_on = true; goes_on;) {
        struct epoll_event ready[256];
        int number = epoll_wait(events, ready, 256, -1);
        for (int each = 0; each < number; each++) {
            if (ready[each].data.fd == signals)
                goes_on = false;
            else if (ready[each].data.fd == timer)
                write_due();
            else if (ready[each].data.fd == listener)
                welcome(listener);
            else
                read_from(ready[each].data.fd);
        }
    }
    printf("messages %llu\n", (unsigned long long)messages);
    return 0;
}
