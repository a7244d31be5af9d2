// SQLite's C interface behind three types: a connection, a prepared statement, an error. <sqlite3.h> is
// included by connection.cpp and by nothing else in the product.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace wxlogind::storage::sqlite {

// An exception, though disks do fail: nearly every call here can report it, all that is left to do then is
// to leave the transaction, and one place catches it there (write_path.cpp) or at the reader's door.
class sqlite_error : public std::runtime_error {
public:
    sqlite_error(int code, const std::string& what) : std::runtime_error{what}, code_{code} {}

    [[nodiscard]] int code() const noexcept { return code_; } // extended
    // The trouble is in what was written or where it would go, not in the file as a whole: other rows may
    // well succeed.
    [[nodiscard]] bool concerns_one_row() const noexcept;
    [[nodiscard]] bool is_damage() const noexcept; // the file is not what SQLite wrote

private:
    int code_;
};

enum class open_mode : unsigned char {
    read_only,
    read_write,
    read_write_create,
};

// One thread at a time.
class connection {
public:
    // vfs "": SQLite's default. Throws sqlite_error.
    connection(const std::string& path, open_mode mode, const std::string& vfs);
    connection(connection&&) noexcept;
    connection& operator=(connection&&) noexcept;
    ~connection();

    // Runs statements that answer nothing that is of interest. Throws sqlite_error.
    void run(const std::string& sql);
    // The first column of the first row; nullopt without one. Throws sqlite_error.
    [[nodiscard]] std::optional<std::int64_t> ask_number(const std::string& sql);
    [[nodiscard]] std::string ask_text(const std::string& sql);

    [[nodiscard]] bool is_in_transaction() const noexcept;
    // After a failure; a transaction that SQLite has rolled back itself is fine too.
    void roll_back() noexcept;

    struct checkpoint {
        int pages_in_log{0};
        int pages_moved{0};
    };
    // Folds back what readers allow, without waiting for them. Throws sqlite_error.
    checkpoint fold_log();

    // Folds everything back and cuts the log to nothing, so that what was deleted is nowhere any more. false:
    // a reader or another connection is in the way; nothing is waited for. Throws sqlite_error.
    bool empty_log();

    // How many pages the write-ahead log had after the last commit of this connection.
    [[nodiscard]] int pages_in_log() const noexcept { return log_->pages; }

    [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }

private:
    struct closer {
        void operator()(sqlite3* handle) const noexcept;
    };
    struct log_state { // at a fixed address: SQLite's hook writes to it
        int pages{0};
    };

    std::unique_ptr<log_state> log_;
    std::unique_ptr<sqlite3, closer> handle_;
};

// Prepared once, run often. Bind, step, read, reset; `execution` makes sure of the reset. The connection
// outlives it. Texts and blobs are bound without a copy: they have to live until the reset.
class statement {
public:
    // Throws sqlite_error.
    statement(connection& on, std::string_view sql);

    void bind(int at, std::int64_t number);
    void bind(int at, std::string_view text);
    void bind_blob(int at, const void* bytes, std::size_t count);
    void bind_null(int at);

    // true: a row is there to be read. Throws sqlite_error.
    bool step();
    void reset() noexcept;

    [[nodiscard]] bool is_null(int column) const noexcept;
    [[nodiscard]] std::int64_t number(int column) const noexcept;
    // Valid until the next step or reset.
    [[nodiscard]] std::string_view text(int column) const noexcept;
    [[nodiscard]] std::string_view blob(int column) const noexcept;

private:
    struct finalizer {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

// A SELECT that was stepped and not reset pins its snapshot, and with it the write-ahead log.
class execution {
public:
    explicit execution(statement& of) noexcept : of_{of} {}
    ~execution() { of_.reset(); }
    execution(const execution&) = delete;
    execution& operator=(const execution&) = delete;

    bool step() { return of_.step(); }

private:
    statement& of_;
};

// A statement that answers no rows.
inline void run(statement& it) {
    execution now{it};
    while (now.step()) {
    }
}

} // namespace wxlogind::storage::sqlite
