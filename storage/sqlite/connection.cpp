#include "storage/sqlite/connection.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace wxlogind::storage::sqlite {

namespace {

sqlite_error error_of(sqlite3* handle, std::string_view doing) {
    const int code = sqlite3_extended_errcode(handle);
    std::string what{doing};
    what += ": ";
    what += sqlite3_errmsg(handle);
    what += " (SQLite error ";
    what += std::to_string(code);
    if (const int system = sqlite3_system_errno(handle); system != 0 && (code & 0xff) != SQLITE_CORRUPT) {
        what += ", ";
        what += std::strerror(system);
    }
    what += ")";
    return {code, what};
}

// For people: of many lines the first that does something.
std::string_view beginning_of(std::string_view sql) {
    constexpr std::string_view blank{" \n"};
    const auto skip = [&sql](std::size_t to) { sql.remove_prefix(std::min(to, sql.size())); };
    skip(sql.find_first_not_of(blank));
    while (sql.starts_with("--")) {
        skip(sql.find('\n'));
        skip(sql.find_first_not_of(blank));
    }
    return sql.substr(0, std::min<std::size_t>(sql.find_first_of(";\n"), 60));
}

// Before the first connection: no global counters of allocated bytes, which cost a lock each time.
void configure_library() {
    static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)once; // a test that registered a VFS before has initialised the library: no matter
}

} // namespace

bool sqlite_error::concerns_one_row() const noexcept {
    switch (code_ & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_CORRUPT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_TOOBIG: return true;
    default: return false;
    }
}

bool sqlite_error::is_damage() const noexcept {
    return (code_ & 0xff) == SQLITE_CORRUPT || (code_ & 0xff) == SQLITE_NOTADB;
}

connection::connection(const std::string& path, open_mode mode, const std::string& vfs)
    : log_{std::make_unique<log_state>()} {
    configure_library();
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (mode == open_mode::read_only)
        flags |= SQLITE_OPEN_READONLY;
    else
        flags |= SQLITE_OPEN_READWRITE;
    if (mode == open_mode::read_write_create) flags |= SQLITE_OPEN_CREATE;

    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
    handle_.reset(raw);
    if (raw == nullptr) throw sqlite_error{code, "open " + path + ": " + sqlite3_errstr(code)};
    if (code != SQLITE_OK) throw error_of(raw, "open " + path);

    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // Takes the place of the automatic checkpoint (PRAGMA wal_autocheckpoint would take this hook's place in
    // turn). One writer connection is the only checkpointer, and chooses the moment itself: two that write or
    // fold back at the same time can damage the file (SQLite 3.7.0 to 3.51.2).
    sqlite3_wal_hook(
        raw,
        [](void* state, sqlite3*, const char*, int pages) {
            static_cast<log_state*>(state)->pages = pages;
            return SQLITE_OK;
        },
        log_.get());
}

connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;
connection::~connection() = default;

void connection::closer::operator()(sqlite3* handle) const noexcept {
    sqlite3_close_v2(handle);
}

void connection::run(const std::string& sql) {
    if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw error_of(handle(), beginning_of(sql));
}

std::optional<std::int64_t> connection::ask_number(const std::string& sql) {
    statement question{*this, sql};
    if (!question.step() || question.is_null(0)) return std::nullopt;
    return question.number(0);
}

std::string connection::ask_text(const std::string& sql) {
    statement question{*this, sql};
    return question.step() ? std::string{question.text(0)} : std::string{};
}

bool connection::is_in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle()) == 0;
}

void connection::roll_back() noexcept {
    if (is_in_transaction()) sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

connection::checkpoint connection::fold_log() {
    checkpoint done;
    const int code = sqlite3_wal_checkpoint_v2(
        handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &done.pages_in_log, &done.pages_moved);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) throw error_of(handle(), "checkpoint");
    return done;
}

bool connection::empty_log() {
    const auto patience = ask_number("PRAGMA busy_timeout");
    sqlite3_busy_timeout(handle(), 0);
    const int code =
        sqlite3_wal_checkpoint_v2(handle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(handle(), static_cast<int>(patience.value_or(0)));
    if (code == SQLITE_OK) log_->pages = 0;
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) throw error_of(handle(), "checkpoint");
    return code == SQLITE_OK;
}

statement::statement(connection& on, std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(
        on.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) throw error_of(on.handle(), beginning_of(sql));
    handle_.reset(raw);
}

void statement::finalizer::operator()(sqlite3_stmt* handle) const noexcept {
    sqlite3_finalize(handle);
}

namespace {

void require(sqlite3_stmt* handle, int code) {
    if (code != SQLITE_OK) throw error_of(sqlite3_db_handle(handle), "bind");
}

} // namespace

void statement::bind(int at, std::int64_t number) {
    require(handle_.get(), sqlite3_bind_int64(handle_.get(), at, number));
}

void statement::bind(int at, std::string_view text) {
    // A null pointer would bind NULL, and an empty text is not that.
    const char* const start = text.data() != nullptr ? text.data() : "";
    require(
        handle_.get(),
        sqlite3_bind_text64(handle_.get(), at, start, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void statement::bind_blob(int at, const void* bytes, std::size_t count) {
    require(handle_.get(), sqlite3_bind_blob64(handle_.get(), at, bytes, count, SQLITE_STATIC));
}

void statement::bind_null(int at) {
    require(handle_.get(), sqlite3_bind_null(handle_.get(), at));
}

bool statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw error_of(
        sqlite3_db_handle(handle_.get()), std::string_view{sqlite3_sql(handle_.get())}.substr(0, 60));
}

void statement::reset() noexcept {
    sqlite3_reset(handle_.get());
}

bool statement::is_null(int column) const noexcept {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t statement::number(int column) const noexcept {
    return sqlite3_column_int64(handle_.get(), column);
}

std::string_view statement::text(int column) const noexcept {
    const auto* const start = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
    if (start == nullptr) return {};
    return {start, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::string_view statement::blob(int column) const noexcept {
    const auto* const start = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
    if (start == nullptr) return {};
    return {start, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

} // namespace wxlogind::storage::sqlite
