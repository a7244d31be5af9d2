// A disk whose power can be cut: what was written and not synced may be there afterwards, or not, or in part.
#pragma once

#include "tests/support/watched_vfs.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace wxlogind::test {

// Any thread.
class power_loss_vfs final : public watched_vfs {
public:
    using watched_vfs::watched_vfs;

    // `cut` is called in the place of the n-th operation from now (1 = the next), on the thread that is at
    // it, before the operation happens.
    void at_operation(unsigned n, std::function<void()> cut);

    // Writes into `directory` what the disk would hold if the power failed now: what was synced, and of each
    // later write all, nothing, or as many of its first sectors as `seed` decides. The live files go on.
    void write_image(const std::filesystem::path& directory, unsigned seed);

    int before(const file_event& event) override;
    void after(const file_event& event) override;

private:
    struct change {
        bool is_truncate;
        std::size_t offset;
        std::string bytes;
    };
    struct file {
        std::string durable;
        std::vector<change> unsynced;
    };

    static void apply(std::string& to, const change& what, std::size_t bytes_of_it);

    std::mutex mutex_;
    unsigned operations_{0};
    unsigned cut_at_{0};
    std::function<void()> cut_;
    std::map<std::string, file, std::less<>> files_; // by path
};

} // namespace wxlogind::test
