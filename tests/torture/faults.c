/* Loaded before the C library: ends the process, tears a write or fails a flush at one chosen call,
 * and records what changed a file and when it was flushed.
 *
 * Only calls that change a regular file are counted, so that the n-th one is the same in each run
 * of the same work. Built by shim.py with whatever compiler there is; never part of the program. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { OFF = 0, KILL = 1, TEAR = 2, FLUSH_FAILS = 3 };

static int kind = OFF;
static long left = 0;
static long counted = 0;
static long failures = 0;
static int unflushed = 0;

void faults_arm(int what, long after, long how_often) {
  kind = what;
  left = after;
  failures = how_often;
  counted = 0;
  unflushed = 0;
}

/* Whether the last flush of all failed: nothing written since then can be called durable. */
int faults_unflushed(void) { return unflushed; }

long faults_counted(void) { return counted; }

/* A record of everything that changed a file, for a power cut that is thought up afterwards. */
struct record {
  char what; /* W write, F flush, T cut to a length, A said by the program */
  char name[47];
  long long at;
  long long size;
};

static int tape = -1;

void faults_tape(int fd) { tape = fd; }

static void put(const void *from, size_t size) {
  const char *rest = from;
  while (size > 0) {
    ssize_t done = syscall(SYS_write, tape, rest, size);
    if (done <= 0) _exit(99);
    rest += done;
    size -= (size_t)done;
  }
}

static void note(char what, int fd, const void *from, long long size, long long at) {
  struct record record = {.what = what, .at = at, .size = size};
  char link[64], path[4096];
  if (tape < 0 || fd == tape) return;
  if (what != 'A') {
    struct stat found;
    if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    strncpy(record.name, name ? name + 1 : path, sizeof record.name - 1);
  }
  put(&record, sizeof record);
  if (from) put(from, (size_t)size);
}

void faults_said(const char *line, long size) { note('A', -1, line, size, 0); }

static int is_file(int fd) {
  struct stat found;
  return fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
}

static int now(void) {
  counted++;
  return left > 0 && --left == 0;
}

static void end(void) { kill(getpid(), SIGKILL); }

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static void before_write(int fd, const void *from, size_t size, off_t at, int placed) {
  if (kind == OFF || kind == FLUSH_FAILS || !is_file(fd) || !now()) return;
  if (kind == TEAR && size > 1) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    if (placed) real(fd, from, size / 2, at);
  }
  end();
}

ssize_t pwrite64(int fd, const void *from, size_t size, off_t at) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
  before_write(fd, from, size, at, 1);
  ssize_t done = real(fd, from, size, at);
  if (done > 0) note('W', fd, from, done, at);
  return done;
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
  REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
  before_write(fd, from, size, at, 1);
  ssize_t done = real(fd, from, size, at);
  if (done > 0) note('W', fd, from, done, at);
  return done;
}

ssize_t write(int fd, const void *from, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  before_write(fd, from, size, 0, 0);
  long long at = tape < 0 ? 0 : lseek(fd, 0, SEEK_CUR);
  ssize_t done = real(fd, from, size);
  if (done > 0) note('W', fd, from, done, at);
  return done;
}

static int flush_fails(int fd) {
  if (kind == OFF || !is_file(fd)) return 0;
  if (kind == FLUSH_FAILS) {
    counted++;
    if (left > 1) { left--; return 0; }
    if (failures > 0) { failures--; unflushed = 1; errno = EIO; return 1; }
    unflushed = 0;
    return 0;
  }
  if (now()) end();
  return 0;
}

int fsync(int fd) {
  REAL(int, "fsync", int);
  if (flush_fails(fd)) return -1;
  int done = real(fd);
  if (done == 0) note('F', fd, NULL, 0, 0);
  return done;
}

int fdatasync(int fd) {
  REAL(int, "fdatasync", int);
  if (flush_fails(fd)) return -1;
  int done = real(fd);
  if (done == 0) note('F', fd, NULL, 0, 0);
  return done;
}

static void before_change(void) {
  if ((kind == KILL || kind == TEAR) && now()) end();
}

int ftruncate64(int fd, off_t size) {
  REAL(int, "ftruncate64", int, off_t);
  before_change();
  int done = real(fd, size);
  if (done == 0) note('T', fd, NULL, 0, size);
  return done;
}

int ftruncate(int fd, off_t size) {
  REAL(int, "ftruncate", int, off_t);
  before_change();
  int done = real(fd, size);
  if (done == 0) note('T', fd, NULL, 0, size);
  return done;
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  before_change();
  return real(from, to);
}

int link(const char *from, const char *to) {
  REAL(int, "link", const char *, const char *);
  before_change();
  return real(from, to);
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  before_change();
  return real(path);
}
