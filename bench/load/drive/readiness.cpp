#include "bench/load/drive/readiness.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace wxlogind::load {

readiness::readiness() : set_{::epoll_create1(EPOLL_CLOEXEC)} {
    if (!set_.is_open()) throw std::system_error{errno, std::system_category(), "epoll_create1"};
}

bool readiness::watch(int descriptor, void* of) const noexcept {
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    wanted.data.ptr = of;
    return ::epoll_ctl(set_.get(), EPOLL_CTL_ADD, descriptor, &wanted) == 0;
}

std::span<const epoll_event> readiness::wait(std::chrono::nanoseconds at_most) noexcept {
    using std::chrono::seconds;
    const auto bounded = std::max(at_most, std::chrono::nanoseconds{0});
    const auto whole = std::chrono::floor<seconds>(bounded);
    const timespec limit{whole.count(), (bounded - whole).count()};
    const int count =
        ::epoll_pwait2(set_.get(), events_.data(), static_cast<int>(events_.size()), &limit, nullptr);
    return {events_.data(), static_cast<std::size_t>(std::max(count, 0))};
}

} // namespace wxlogind::load
