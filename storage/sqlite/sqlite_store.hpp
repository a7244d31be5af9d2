// The store in an SQLite file.
#pragma once

#include "storage/batch_writer.hpp"
#include "storage/open_store.hpp"
#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/limits.hpp"
#include "storage/sqlite/long_reads.hpp"
#include "storage/sqlite/readers.hpp"
#include "storage/sqlite/sqlite_audit_log.hpp"
#include "storage/sqlite/sqlite_phones.hpp"
#include "storage/sqlite/sqlite_sealed.hpp"
#include "storage/sqlite/sqlite_session_keys.hpp"
#include "storage/sqlite/sqlite_sessions.hpp"
#include "storage/sqlite/sqlite_users.hpp"
#include "storage/sqlite/write_path.hpp"
#include "storage/store.hpp"

namespace wxlogind::storage::sqlite {

class sqlite_store final : public store {
public:
    // Throws std::runtime_error (sqlite_error among them) with a text for the operator. `counters` outlives
    // this.
    sqlite_store(
        const location& where, const limits& limits, store_counters& counters,
        revocation_observer* observer = nullptr);
    ~sqlite_store() override; // close()

    task<result<login_outcome>> record_login(login_record record) override;
    [[nodiscard]] steady_clock::duration queue_time(steady_clock::time_point now) const noexcept override {
        return writer_.queue_time(now);
    }
    [[nodiscard]] bool takes_writes() const noexcept override {
        return path_.takes_writes().load(std::memory_order_relaxed);
    }
    [[nodiscard]] bool had_users() const noexcept override { return path_.had_users(); }
    task<result<user_record>> find_user(user_id id) override;
    task<result<void>> probe(unix_millis now) override;
    void close() override;
    [[nodiscard]] session_store& sessions() noexcept override { return sessions_; }
    [[nodiscard]] user_store& users() noexcept override { return users_; }
    [[nodiscard]] audit_log& audit() noexcept override { return audit_; }
    [[nodiscard]] sealed_store& sealed() noexcept override { return sealed_; }
    [[nodiscard]] session_key_store& session_keys() noexcept override { return session_keys_; }
    [[nodiscard]] phone_store& phones() noexcept override { return phones_; }

private:
    // In the order of opening; closing goes the other way.
    file_lock lock_;
    write_path path_;
    readers readers_;
    long_reads long_reads_;
    batch_writer writer_;
    write_gate gate_;
    // A part for each topic beyond logins.
    sqlite_sessions sessions_;
    sqlite_users users_;
    sqlite_audit_log audit_;
    sqlite_sealed sealed_;
    sqlite_session_keys session_keys_;
    sqlite_phones phones_;
};

} // namespace wxlogind::storage::sqlite
