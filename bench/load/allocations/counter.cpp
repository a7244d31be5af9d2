// Counts the allocations of a program that was started with LD_PRELOAD=libwx_allocations.so, for whoever
// reads the file that WXLOGIN_ALLOCATIONS names: 64-bit numbers, 64 bytes apart, whose sum it is. Needs
// glibc.
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// glibc's own, under the names it keeps for this.
extern "C" {
void* __libc_malloc(std::size_t size);                          // NOLINT
void* __libc_calloc(std::size_t count, std::size_t size);       // NOLINT
void* __libc_realloc(void* memory, std::size_t size);           // NOLINT
void* __libc_memalign(std::size_t alignment, std::size_t size); // NOLINT
}

namespace {

struct alignas(64) slot {
    std::atomic<std::uint64_t> count{0};
};

slot before_main; // until the file is open
slot* slots = &before_main;
std::size_t slot_count = 1;
std::atomic<std::size_t> next_slot{0};

// Each thread has its own as far as they go round.
[[gnu::tls_model("initial-exec")]] thread_local slot* own = nullptr;

void count() noexcept {
    if (own == nullptr) own = &slots[next_slot.fetch_add(1, std::memory_order_relaxed) % slot_count];
    own->count.fetch_add(1, std::memory_order_relaxed);
}

[[gnu::constructor]] void open_file() {
    const char* const path = std::getenv("WXLOGIN_ALLOCATIONS");
    if (path == nullptr) return;
    const int file = ::open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    struct stat about{};
    void* memory = MAP_FAILED;
    if (::fstat(file, &about) == 0 && about.st_size >= static_cast<off_t>(sizeof(slot)))
        memory = ::mmap(
            nullptr, static_cast<std::size_t>(about.st_size), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (memory == MAP_FAILED) return;
    slots = static_cast<slot*>(memory);
    slot_count = static_cast<std::size_t>(about.st_size) / sizeof(slot);
    own = nullptr;
}

} // namespace

extern "C" {

[[gnu::visibility("default")]] void* malloc(std::size_t size) {
    count();
    return __libc_malloc(size);
}
[[gnu::visibility("default")]] void* calloc(std::size_t number, std::size_t size) {
    count();
    return __libc_calloc(number, size);
}
[[gnu::visibility("default")]] void* realloc(void* memory, std::size_t size) {
    count();
    return __libc_realloc(memory, size);
}
[[gnu::visibility("default")]] void* memalign(std::size_t alignment, std::size_t size) {
    count();
    return __libc_memalign(alignment, size);
}
[[gnu::visibility("default")]] void* aligned_alloc(std::size_t alignment, std::size_t size) {
    count();
    return __libc_memalign(alignment, size);
}
[[gnu::visibility("default")]] int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    count();
    *memory = __libc_memalign(alignment, size);
    return *memory == nullptr ? ENOMEM : 0;
}
}
