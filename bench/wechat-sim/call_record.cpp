#include "bench/wechat-sim/call_record.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t longest_body = std::size_t{64} * 1024;

} // namespace

call_record::call_record(const std::string& file) {
    if (file.empty()) return;
    file_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0) throw std::system_error{errno, std::generic_category(), file};
}

call_record::~call_record() {
    if (file_ >= 0) ::close(file_);
}

void call_record::note(const request& asked, std::string_view answered) const {
    if (file_ < 0) return;
    boost::json::object line{
        {"path", asked.path},
        {"query", asked.query},
        {"body", asked.body.substr(0, longest_body)},
        {"answer", answered.substr(0, longest_body)}};
    if (const auto trace = field_of(asked, "traceparent"); !trace.empty()) line["traceparent"] = trace;
    const std::string text = boost::json::serialize(line) + '\n';
    // One call, so that lines of several threads do not mix. Where the disk is full there is no record.
    [[maybe_unused]] const auto written = ::write(file_, text.data(), text.size());
}

} // namespace wxlogind::wechat_sim
