// An SQLite VFS that passes everything on to the real one, and lets a test see and refuse what changes files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace wxlogind::test {

enum class file_operation : unsigned char {
    open,
    write,
    truncate,
    sync,
    remove,
};

struct file_event {
    file_operation what;
    std::string_view path;
    std::string_view bytes{}; // of a write
    std::int64_t offset{0};   // of a write; the new size of a truncate
};

// Registered under `name` for as long as it lives: "sqlite:/path?vfs=name" uses it. No connection may
// outlive it. Shared memory, locks and reads are passed on unseen; syncs are seen and
// not passed on.
class watched_vfs {
public:
    explicit watched_vfs(std::string name);
    watched_vfs(const watched_vfs&) = delete;
    watched_vfs& operator=(const watched_vfs&) = delete;
    virtual ~watched_vfs();

    // Called by whichever thread uses the file.

    // 0 lets the operation happen; an SQLite error code takes its place.
    virtual int before(const file_event&) { return 0; }
    // It has happened.
    virtual void after(const file_event&) {}

private:
    struct registration;
    std::unique_ptr<registration> registration_;
};

} // namespace wxlogind::test
