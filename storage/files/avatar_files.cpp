#include "storage/files/avatar_files.hpp"

#include "core/base/encoding.hpp"
#include "core/base/random.hpp"

namespace wxlogind::storage::files {

namespace {

constexpr std::size_t most_writes = 64;
constexpr std::size_t most_reads = 1024;
constexpr std::chrono::hours enough_for_a_profile{1};

} // namespace

avatar_files::avatar_files(const std::string& database, std::uint64_t min_free)
    : directory_{avatar_directory_of(database), min_free},
      writes_{"avatar-writes", most_writes},
      reads_{"avatar-reads", most_reads} {}

task<result<std::string>> avatar_files::keep(std::string picture) {
    return writes_.run([this, picture = std::move(picture)]() -> result<std::string> {
        std::string id = hex_encode(random_bytes(avatar_id_size / 2));
        const auto written = directory_.write(id, picture);
        if (!written) return written.error();
        counts_.stored.add();
        counts_.stored_bytes.add(picture.size());
        return id;
    });
}

task<result<std::uint64_t>> avatar_files::size_of(std::string id) {
    return reads_.run([this, id = std::move(id)] { return directory_.size_of(id); });
}

task<result<std::string>> avatar_files::read(std::string id) {
    return reads_.run([this, id = std::move(id)] { return directory_.read(id); });
}

task<result<void>> avatar_files::remove(std::string id) {
    return writes_.run([this, id = std::move(id)] {
        auto removed = directory_.remove(id);
        if (removed) counts_.removed.add();
        return removed;
    });
}

task<result<std::vector<std::string>>> avatar_files::aged(unsigned shelf) {
    return writes_.run([this, shelf] { return directory_.aged(shelf, enough_for_a_profile); });
}

void avatar_files::close() {
    writes_.close();
    reads_.close();
}

} // namespace wxlogind::storage::files
