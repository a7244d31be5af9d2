#include "tests/support/power_loss_vfs.hpp"

#include "tests/support/file_content.hpp"

#include <fstream>
#include <iterator>
#include <random>

namespace wxlogind::test {

namespace {

constexpr std::size_t sector = 512;

} // namespace

void power_loss_vfs::at_operation(unsigned n, std::function<void()> cut) {
    const std::lock_guard lock{mutex_};
    cut_at_ = operations_ + n;
    cut_ = std::move(cut);
}

int power_loss_vfs::before(const file_event& event) {
    bool is_cut = false;
    {
        const std::lock_guard lock{mutex_};
        is_cut = ++operations_ == cut_at_;
        // Whatever was there before we looked is taken as durable. Read it while nobody has it open through
        // us: closing a descriptor of an open database would drop SQLite's locks.
        const std::string path{event.path};
        if (event.what == file_operation::open && !path.empty() && !files_.contains(path))
            files_[path].durable = content_of(path);
    }
    if (is_cut) cut_();
    return 0;
}

void power_loss_vfs::after(const file_event& event) {
    const std::lock_guard lock{mutex_};
    if (event.path.empty()) return;
    if (event.what == file_operation::remove) {
        files_.erase(std::string{event.path});
        return;
    }
    file& it = files_[std::string{event.path}];
    switch (event.what) {
    case file_operation::write:
        it.unsynced.push_back({false, static_cast<std::size_t>(event.offset), std::string{event.bytes}});
        break;
    case file_operation::truncate:
        it.unsynced.push_back({true, static_cast<std::size_t>(event.offset), {}});
        break;
    case file_operation::sync:
        for (const change& each : it.unsynced) apply(it.durable, each, each.bytes.size());
        it.unsynced.clear();
        break;
    case file_operation::open:
    case file_operation::remove: break;
    }
}

void power_loss_vfs::apply(std::string& to, const change& what, std::size_t bytes_of_it) {
    if (what.is_truncate) {
        to.resize(what.offset);
        return;
    }
    if (to.size() < what.offset + bytes_of_it) to.resize(what.offset + bytes_of_it);
    to.replace(what.offset, bytes_of_it, what.bytes, 0, bytes_of_it);
}

void power_loss_vfs::write_image(const std::filesystem::path& directory, unsigned seed) {
    std::minstd_rand random{seed + 1};
    const std::lock_guard lock{mutex_};
    for (const auto& [path, it] : files_) {
        std::string image = it.durable;
        for (const change& each : it.unsynced) {
            const auto fate = random() % 4;
            if (fate == 0) continue;
            const std::size_t sectors = each.bytes.size() / sector;
            apply(image, each, fate == 1 && sectors > 0 ? random() % sectors * sector : each.bytes.size());
        }
        std::ofstream{directory / std::filesystem::path{path}.filename(), std::ios::binary} << image;
    }
}

} // namespace wxlogind::test
