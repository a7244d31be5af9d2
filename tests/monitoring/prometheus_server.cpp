#include "tests/monitoring/prometheus_server.hpp"

#include "core/base/encoding.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/http_client.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace wxlogind::test {

namespace {

// Not HTTP/1.1: a body in chunks is nothing for the client of the tests.
std::string get(std::string_view path) {
    return "GET " + std::string{path} + " HTTP/1.0\r\nHost: prometheus\r\n\r\n";
}

bool is_ready(const std::string& address) {
    try {
        return http_connection{address}.exchange(get("/-/ready")).status == 200;
    } catch (const std::runtime_error&) {
        return false; // it does not listen yet
    }
}

} // namespace

prometheus_server::prometheus_server(const std::vector<std::string>& targets)
    : address_{"127.0.0.1:" + std::to_string(free_port())} {
    std::string list;
    for (const std::string& each : targets) list += (list.empty() ? "'" : ", '") + each + "'";
    std::ofstream{files_.file("prometheus.yml")}
        << "global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 1s}\n"
        << "rule_files: ['" << source_path("etc/prometheus/wxlogind.rules.yml") << "']\n"
        << "scrape_configs:\n  - job_name: wxlogind\n    static_configs: [{targets: [" << list << "]}]\n";
    std::vector<std::string> command{"prometheus"};
    command.push_back("--config.file=" + files_.file("prometheus.yml"));
    command.push_back("--storage.tsdb.path=" + files_.file("tsdb"));
    command.push_back("--web.listen-address=" + address_);
    command.push_back("--log.level=warn");
    process_ = std::make_unique<child_process>(std::move(command), files_.file("prometheus.log"));
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!is_ready(address_)) {
        if (process_->poll().has_value() || std::chrono::steady_clock::now() > limit)
            throw std::runtime_error{"Prometheus does not become ready: " + process_->output()};
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

boost::json::value prometheus_server::ask(const std::string& path) const {
    const http_reply reply = http_connection{address_}.exchange(get(path));
    const auto answer = boost::json::parse(reply.body).as_object();
    if (answer.at("status").as_string() != "success") throw std::runtime_error{reply.body};
    return answer.at("data");
}

boost::json::array prometheus_server::query(std::string_view expression) const {
    return ask("/api/v1/query?query=" + percent_encode(expression)).at("result").as_array();
}

boost::json::array prometheus_server::rules() const {
    return ask("/api/v1/rules?type=alert").at("groups").at(0).at("rules").as_array();
}

} // namespace wxlogind::test
