/* The floor: what plain C does on one core with the same log and the same lists. For each line it finds the fields,
 * adds up the bytes column, finds the host and looks every label suffix of it up in a table of all listed domains.
 * It validates nothing, counts nothing per hour or person and reads no time: a bare lower bound of the work.
 * Byte loops and one probe a suffix; gcc -O2, no vector code of its own.
 * Usage: floor LOG ROUNDS DOMAINS...     prints one JSON line per round. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SLOTS (1u << 24)
#define HASH_START 0x51ed270b1ull

static uint64_t *table_keys;
static uint8_t *table_lists;

static inline uint64_t hash_byte(uint64_t hash, uint8_t byte) {
  return ((hash ^ byte) * 0x9e3779b97f4a7c15ull) ^ (hash >> 29);
}

static inline uint64_t hash_end(uint64_t hash) {
  hash = (hash ^ (hash >> 32)) * 0xd6e8feb86659fd93ull;
  hash ^= hash >> 32;
  return hash == 0 ? 1 : hash;
}

static void insert(uint64_t key, uint8_t list) {
  uint64_t slot = key & (SLOTS - 1);
  while (table_keys[slot] != 0 && table_keys[slot] != key) slot = (slot + 1) & (SLOTS - 1);
  table_keys[slot] = key;
  table_lists[slot] = list;
}

static inline uint8_t find(uint64_t key) {
  uint64_t slot = key & (SLOTS - 1);
  while (table_keys[slot] != 0) {
    if (table_keys[slot] == key) return table_lists[slot];
    slot = (slot + 1) & (SLOTS - 1);
  }
  return 0;
}

static uint64_t load(const char *path, uint8_t list) {
  FILE *file = fopen(path, "r");
  if (file == NULL) { perror("domains"); exit(3); }
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  uint64_t domains = 0;
  while ((length = getline(&line, &size, file)) > 0) {
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) length--;
    uint64_t hash = HASH_START;
    for (ssize_t i = length - 1; i >= 0; i--) hash = hash_byte(hash, (uint8_t)line[i]);
    insert(hash_end(hash), list);
    domains++;
  }
  free(line);
  fclose(file);
  return domains;
}

static inline const uint8_t *host_end(const uint8_t *at, const uint8_t *end) {
  while (at < end && *at != '/' && *at != ':' && *at != '?' && *at != ' ') at++;
  return at;
}

/* The host begins after `://`, which stands near the beginning of an address, or with the address. */
static inline const uint8_t *host_start(const uint8_t *url, const uint8_t *end) {
  for (const uint8_t *at = url; at < url + 8 && at + 2 < end; at++)
    if (at[0] == ':' && at[1] == '/' && at[2] == '/') return at + 3;
  return url;
}

static inline uint8_t look_up(const uint8_t *start, const uint8_t *end) {
  uint64_t hash = HASH_START;
  uint8_t list = 0;
  for (const uint8_t *at = end - 1; at >= start; at--) {
    uint8_t byte = *at;
    if (byte == '.') {
      uint8_t found = find(hash_end(hash));
      if (found != 0) list = found;
    }
    if (byte >= 'A' && byte <= 'Z') byte |= 32;
    hash = hash_byte(hash, byte);
  }
  uint8_t found = find(hash_end(hash));
  return found != 0 ? found : list;
}

/* Processor time: what other programs do meanwhile is not counted. */
static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void scan(const uint8_t *log, size_t length) {
  uint64_t lines = 0, flagged = 0, bytes = 0;
  double begun = seconds();
  const uint8_t *at = log, *stop = log + length;
  while (at < stop) {
    const uint8_t *end = memchr(at, '\n', (size_t)(stop - at));
    if (end == NULL) end = stop;
    for (int field = 0; field < 6; field++) {
      if (field == 4) {
        uint64_t value = 0;
        for (; at < end && *at != ' '; at++) value = value * 10 + (uint64_t)(*at - '0');
        bytes += value;
      } else {
        while (at < end && *at != ' ') at++;
      }
      while (at < end && *at == ' ') at++;
    }
    const uint8_t *host = host_start(at, end);
    if (look_up(host, host_end(host, end)) != 0) flagged++;
    lines++;
    at = end + 1;
  }
  double took = seconds() - begun;
  printf("{\"lines\":%lu,\"flagged\":%lu,\"bytes\":%lu,\"seconds\":%.6f}\n", lines, flagged, bytes, took);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: floor LOG ROUNDS DOMAINS...\n");
    return 2;
  }
  table_keys = calloc(SLOTS, sizeof *table_keys);
  table_lists = calloc(SLOTS, 1);
  for (int i = 3; i < argc; i++) load(argv[i], (uint8_t)(i - 2));
  int file = open(argv[1], O_RDONLY);
  struct stat about;
  if (file < 0 || fstat(file, &about) != 0) { perror("log"); return 3; }
  size_t length = (size_t)about.st_size;
  const uint8_t *log = mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (log == MAP_FAILED) { perror("log"); return 3; }
  for (int round = atoi(argv[2]); round > 0; round--) scan(log, length);
  return 0;
}
