#include "tests/support/faulty_vfs.hpp"

#include <sqlite3.h>

namespace wxlogind::test {

int faulty_vfs::before(const file_event& event) {
    const std::lock_guard lock{mutex_};
    if (event.what != what_) return SQLITE_OK;
    if (!is_failing_) {
        if (countdown_ == 0) return SQLITE_OK;
        --countdown_;
        if (countdown_ != 0) return SQLITE_OK;
        is_failing_ = is_lasting_;
    }
    ++fired_;
    if (how_ == fault_kind::disk_full) return SQLITE_FULL;
    switch (event.what) {
    case file_operation::open: return SQLITE_CANTOPEN;
    case file_operation::write: return SQLITE_IOERR_WRITE;
    case file_operation::truncate: return SQLITE_IOERR_TRUNCATE;
    case file_operation::sync: return SQLITE_IOERR_FSYNC;
    case file_operation::remove: return SQLITE_IOERR_DELETE;
    }
    return SQLITE_IOERR;
}

} // namespace wxlogind::test
