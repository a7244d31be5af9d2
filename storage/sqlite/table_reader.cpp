#include "storage/sqlite/table_reader.hpp"

#include "core/base/log.hpp"

namespace wxlogind::storage::sqlite {

read_tables& table_reader::open(std::uint64_t openings) {
    if (!opened_ || openings_ != openings) {
        opened_.reset();
        opened_.emplace(where_);
        openings_ = openings;
    }
    return opened_->tables;
}

void table_reader::note_failure(const sqlite_error& why) {
    opened_.reset();
    if (!is_failing_) log_error("the database cannot be read", {{"reason", why.what()}});
    is_failing_ = true;
}

void table_reader::close() {
    const std::lock_guard lock{mutex_};
    opened_.reset();
    is_closed_ = true;
}

} // namespace wxlogind::storage::sqlite
