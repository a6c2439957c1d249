/* Loaded before the C library: ends the process, tears a write or fails a flush at one chosen call.
 *
 * Only calls that change a regular file are counted, so that the n-th one is the same in each run
 * of the same work. Built by shim.py with whatever compiler there is; never part of the program. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
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
  return real(fd, from, size, at);
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
  REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
  before_write(fd, from, size, at, 1);
  return real(fd, from, size, at);
}

ssize_t write(int fd, const void *from, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  before_write(fd, from, size, 0, 0);
  return real(fd, from, size);
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
  return flush_fails(fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
  REAL(int, "fdatasync", int);
  return flush_fails(fd) ? -1 : real(fd);
}

static void before_change(void) {
  if ((kind == KILL || kind == TEAR) && now()) end();
}

int ftruncate64(int fd, off_t size) {
  REAL(int, "ftruncate64", int, off_t);
  before_change();
  return real(fd, size);
}

int ftruncate(int fd, off_t size) {
  REAL(int, "ftruncate", int, off_t);
  before_change();
  return real(fd, size);
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
