#include "storage/sqlite/location.hpp"

namespace wxlogind::storage::sqlite {

namespace {

// First: the lines after it may meet the lock of another process, such as a backup or a shell.
constexpr auto wait_for_locks = "PRAGMA busy_timeout = 2000";

// For every connection. Never mmap: an I/O error or a truncated file would be a SIGBUS instead of an answer.
constexpr auto common = R"(
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;
)";

constexpr auto writer = R"(
    -- SQLite's default, said here because it is for ever: it takes effect in a new file only.
    PRAGMA page_size = 4096;
    PRAGMA journal_mode = WAL;
    -- Syncs the log in every commit, so that an answered login survives power loss. NORMAL does not.
    PRAGMA synchronous = FULL;
    -- Gives the disk back after a burst or a long reader: the log shrinks to this when it starts again.
    PRAGMA journal_size_limit = 67108864;
    -- Declared in the schema for those who read it, checked by the tests; the rules that write them look up
    -- what they refer to anyway.
    PRAGMA foreign_keys = OFF;
    -- What is deleted is overwritten: erasure means it.
    PRAGMA secure_delete = ON;
)";

// What a cached page takes: its 4096 bytes, some 270 of SQLite's beside them, and what malloc rounds that up
// to.
constexpr std::size_t bytes_of_cached_page = 5120;

constexpr auto reader = R"(
    PRAGMA query_only = ON;
)";

} // namespace

connection open_for_writing(const location& where, open_mode mode, std::size_t cache_bytes) {
    connection db{where.path, mode, where.vfs};
    db.run(wait_for_locks);
    db.run(writer);
    db.run(common);
    // Only the writer's cache survives a commit, so readers keep SQLite's default of 2 MiB.
    db.run("PRAGMA cache_size = " + std::to_string(cache_bytes / bytes_of_cached_page));
    if (const auto journal = db.ask_text("PRAGMA journal_mode"); journal != "wal")
        throw sqlite_error{
            0, "open " + where.path + ": the file system does not allow a write-ahead log (mode " + journal +
                   "); shared memory and locks are needed: use a local disk"};
    return db;
}

// Not query_only: VACUUM INTO counts as a write, though of another file.
connection open_for_copying(const location& where) {
    connection db{where.path, open_mode::read_only, where.vfs};
    db.run(wait_for_locks);
    db.run(common);
    return db;
}

connection open_for_reading(const location& where) {
    connection db{where.path, open_mode::read_only, where.vfs};
    db.run(wait_for_locks);
    db.run(common);
    db.run(reader);
    return db;
}

} // namespace wxlogind::storage::sqlite
