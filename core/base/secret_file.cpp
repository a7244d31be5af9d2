#include "core/base/secret_file.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace wxlogind {

namespace {

class open_file {
public:
    explicit open_file(const std::string& path)
        : number_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {}
    ~open_file() {
        if (number_ >= 0) ::close(number_);
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

std::string because_of_errno() {
    return std::generic_category().message(errno);
}

} // namespace

secret read_secret_file(const std::string& path) {
    const open_file file{path};
    struct stat about{};
    if (file.number() < 0 || ::fstat(file.number(), &about) != 0)
        throw secret_file_error{"cannot read " + path + ": " + because_of_errno()};
    if (!S_ISREG(about.st_mode)) throw secret_file_error{path + " is not a regular file"};
    if ((about.st_mode & S_IROTH) != 0)
        throw secret_file_error{path + " can be read by everybody (chmod 0600 or 0640)"};

    std::array<char, 4097> buffer{};
    std::size_t size = 0;
    ssize_t got = 0;
    while (size < buffer.size() &&
           (got = ::read(file.number(), buffer.data() + size, buffer.size() - size)) > 0)
        size += static_cast<std::size_t>(got);
    std::string_view text{buffer.data(), size};
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    secret content{text};
    OPENSSL_cleanse(buffer.data(), buffer.size());

    if (got < 0) throw secret_file_error{"cannot read " + path + ": " + because_of_errno()};
    if (size == buffer.size()) throw secret_file_error{path + " is over 4096 bytes: no secret"};
    if (content.empty()) throw secret_file_error{path + " is empty"};
    return content;
}

} // namespace wxlogind
