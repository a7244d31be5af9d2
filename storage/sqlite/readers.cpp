#include "storage/sqlite/readers.hpp"

#include "core/base/log.hpp"

namespace wxlogind::storage::sqlite {

namespace {

std::atomic<std::uint64_t> next_serial{1};

user_record user_in(const statement& row, const user_id& id) {
    user_record user;
    user.id = id;
    if (!row.is_null(0)) user.unionid.emplace(row.text(0));
    user.profile.nick_name = row.text(1);
    user.profile.avatar_url = row.text(2);
    user.profile.gender = static_cast<int>(row.number(3));
    user.profile.country = row.text(4);
    user.profile.province = row.text(5);
    user.profile.city = row.text(6);
    user.profile.language = row.text(7);
    user.state = static_cast<user_state>(row.number(8));
    user.created = unix_millis{std::chrono::milliseconds{row.number(9)}};
    user.updated = unix_millis{std::chrono::milliseconds{row.number(10)}};
    return user;
}

} // namespace

// Used by one thread; the lock is there for close(), and costs next to nothing when nobody else wants it.
class readers::reader {
public:
    result<user_record> find_user(const location& where, const user_id& id, std::uint64_t openings) {
        const std::lock_guard lock{mutex_};
        if (is_closed_) return errc::storage_unavailable;
        try {
            if (!opened_ || openings_ != openings) {
                opened_.reset();
                opened_.emplace(where);
                openings_ = openings;
            }
            statement& find = opened_->find_user;
            find.bind_blob(1, id.bytes.data(), id.bytes.size());
            execution user{find};
            const bool is_found = user.step();
            is_failing_ = false;
            if (!is_found) return errc::not_found;
            return user_in(find, id);
        } catch (const sqlite_error& e) {
            opened_.reset();
            if (!is_failing_) log_error("the database cannot be read", {{"reason", e.what()}});
            is_failing_ = true;
            return errc::storage_unavailable;
        }
    }

    void close() {
        const std::lock_guard lock{mutex_};
        opened_.reset();
        is_closed_ = true;
    }

private:
    struct opened {
        connection db;
        statement find_user;

        explicit opened(const location& where)
            : db{open_for_reading(where)},
              find_user{
                  db,
                  "SELECT unionid, nick_name, avatar_url, gender, country, province, city, language, state, "
                  "created, updated FROM user WHERE id = ?1"} {}
    };

    std::mutex mutex_;
    std::optional<opened> opened_;
    std::uint64_t openings_{0};
    bool is_failing_{false};
    bool is_closed_{false};
};

readers::readers(location where)
    : where_{std::move(where)}, serial_{next_serial.fetch_add(1, std::memory_order_relaxed)} {}

readers::~readers() = default;

readers::reader* readers::of_this_thread() {
    // Spares the lock and the search. The serial tells whose reader it is; that cannot be mistaken even when
    // a store was closed and another stands at its address.
    struct last_use {
        std::uint64_t serial{0};
        reader* found{nullptr};
    };
    thread_local last_use last;
    if (last.serial == serial_) return last.found;

    const std::lock_guard lock{mutex_};
    // close() has been through the list already: nobody would close this one before the log is folded back.
    if (is_closed_.load(std::memory_order_relaxed)) return nullptr;
    auto& mine = by_thread_[std::this_thread::get_id()];
    if (!mine) mine = std::make_unique<reader>();
    last = {serial_, mine.get()};
    return mine.get();
}

result<user_record> readers::find_user(const user_id& id, std::uint64_t openings) {
    if (is_closed_.load(std::memory_order_acquire)) return errc::storage_unavailable;
    reader* const mine = of_this_thread();
    if (mine == nullptr) return errc::storage_unavailable;
    return mine->find_user(where_, id, openings);
}

void readers::close() {
    is_closed_.store(true, std::memory_order_release);
    const std::lock_guard lock{mutex_};
    for (auto& [thread, each] : by_thread_) each->close();
}

} // namespace wxlogind::storage::sqlite
