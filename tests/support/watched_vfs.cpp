#include "tests/support/watched_vfs.hpp"

#include <sqlite3.h>

#include <new>
#include <stdexcept>

namespace wxlogind::test {

struct watched_vfs::registration {
    sqlite3_vfs vfs{};
    std::string name;
};

namespace {

// What SQLite allocates for a file: this, and behind it the real VFS's file.
struct watched_file {
    sqlite3_file base;
    watched_vfs* watcher;
    std::string* path;
    [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

watched_file& watched(sqlite3_file* file) {
    return *reinterpret_cast<watched_file*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
    return watched(file).real();
}

template <class Operation>
int observe(watched_vfs& watcher, const file_event& event, Operation operation) {
    if (const int refusal = watcher.before(event); refusal != SQLITE_OK) return refusal;
    const int code = operation();
    if (code == SQLITE_OK) watcher.after(event);
    return code;
}

int close_file(sqlite3_file* file) {
    const int code = real(file)->pMethods->xClose(real(file));
    delete watched(file).path;
    return code;
}

int write_file(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    const file_event event{
        file_operation::write,
        *watched(file).path,
        {static_cast<const char*>(bytes), static_cast<std::size_t>(count)},
        offset};
    return observe(*watched(file).watcher, event, [&] {
        return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    });
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    const file_event event{file_operation::truncate, *watched(file).path, {}, size};
    return observe(
        *watched(file).watcher, event, [&] { return real(file)->pMethods->xTruncate(real(file), size); });
}

// The disk behind a sync is the test's to play: nobody waits for the real one.
int sync_file(sqlite3_file* file, int) {
    const file_event event{file_operation::sync, *watched(file).path};
    return observe(*watched(file).watcher, event, [] { return SQLITE_OK; });
}

// Version 2: with the shared memory that a write-ahead log needs, without memory-mapped reads.
constexpr sqlite3_io_methods methods{
    .iVersion = 2,
    .xClose = close_file,
    .xRead = [](sqlite3_file* f, void* to, int count,
                sqlite3_int64 at) { return real(f)->pMethods->xRead(real(f), to, count, at); },
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = [](sqlite3_file* f,
                    sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); },
    .xLock = [](sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); },
    .xUnlock = [](sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); },
    .xCheckReservedLock =
        [](sqlite3_file* f, int* is_held) { return real(f)->pMethods->xCheckReservedLock(real(f), is_held); },
    .xFileControl = [](sqlite3_file* f, int what,
                       void* with) { return real(f)->pMethods->xFileControl(real(f), what, with); },
    .xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
    .xDeviceCharacteristics =
        [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
    .xShmMap = [](sqlite3_file* f, int page, int size, int extend,
                  volatile void** at) { return real(f)->pMethods->xShmMap(real(f), page, size, extend, at); },
    .xShmLock = [](sqlite3_file* f, int offset, int count,
                   int flags) { return real(f)->pMethods->xShmLock(real(f), offset, count, flags); },
    .xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
    .xShmUnmap = [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

sqlite3_vfs* real_vfs() {
    return sqlite3_vfs_find("unix");
}

watched_vfs& watcher_of(sqlite3_vfs* vfs) {
    return *static_cast<watched_vfs*>(vfs->pAppData);
}

} // namespace

watched_vfs::watched_vfs(std::string name) : registration_{std::make_unique<registration>()} {
    registration_->name = std::move(name);
    sqlite3_vfs& vfs = registration_->vfs;
    vfs = *real_vfs();
    vfs.pNext = nullptr;
    vfs.zName = registration_->name.c_str();
    vfs.pAppData = this;
    vfs.szOsFile = static_cast<int>(sizeof(watched_file)) + real_vfs()->szOsFile;
    vfs.xOpen = [](sqlite3_vfs* self, const char* path, sqlite3_file* into, int flags, int* given) {
        sqlite3_vfs* const below = real_vfs();
        auto& file = *new (into) watched_file{{nullptr}, &watcher_of(self), nullptr};
        const std::string_view name_of_file = path != nullptr ? path : "";
        const int code = observe(watcher_of(self), {file_operation::open, name_of_file}, [&] {
            file.real()->pMethods = nullptr;
            return below->xOpen(below, path, file.real(), flags, given);
        });
        if (code == SQLITE_OK) {
            file.path = new std::string{name_of_file};
            file.base.pMethods = &methods;
        }
        return code;
    };
    vfs.xDelete = [](sqlite3_vfs* self, const char* path, int sync_directory) {
        sqlite3_vfs* const below = real_vfs();
        return observe(watcher_of(self), {file_operation::remove, path}, [&] {
            return below->xDelete(below, path, sync_directory);
        });
    };
    // What else a VFS does takes its own address only to find pAppData, which is ours now.
    vfs.xFullPathname = [](sqlite3_vfs*, const char* path, int size, char* full) {
        sqlite3_vfs* const below = real_vfs();
        return below->xFullPathname(below, path, size, full);
    };
    vfs.xAccess = [](sqlite3_vfs*, const char* path, int flags, int* outcome) {
        sqlite3_vfs* const below = real_vfs();
        return below->xAccess(below, path, flags, outcome);
    };
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error{"cannot register a VFS"};
}

watched_vfs::~watched_vfs() {
    sqlite3_vfs_unregister(&registration_->vfs);
}

} // namespace wxlogind::test
