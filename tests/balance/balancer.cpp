#include "tests/balance/balancer.hpp"

#include "tests/support/free_port.hpp"
#include "tests/support/http_client.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace wxlogind::test {

namespace {

std::string some_address() {
    return "127.0.0.1:" + std::to_string(free_port());
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file{path, std::ios::trunc};
    file << text;
    file.close();
    if (!file) throw std::runtime_error{"cannot write " + path};
}

} // namespace

std::string configuration_with(std::string_view file, const replacements& changes) {
    std::ostringstream content;
    content << std::ifstream{source_path(file)}.rdbuf();
    std::string text = content.str();
    for (const auto& [from, to] : changes) {
        const std::size_t at = text.find(from);
        if (at == std::string::npos) throw std::runtime_error{from + " is not in " + std::string{file}};
        text.replace(at, from.size(), to);
    }
    return text;
}

void balancer::run(std::vector<std::string> argv) {
    program_ = std::make_unique<child_process>(std::move(argv), files_->file("log"));
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    for (;;) {
        try {
            const http_connection one{address_};
            return;
        } catch (const std::runtime_error&) {
            if (program_->poll() || std::chrono::steady_clock::now() > limit)
                throw std::runtime_error{"the balancer does not come up: " + program_->output()};
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
    }
}

balancer balancer::haproxy(const replacements& changes) {
    balancer made;
    made.address_ = some_address();
    made.state_address_ = some_address();
    replacements all = changes;
    all.emplace_back("maxconn 20000", "maxconn 500");
    all.emplace_back("bind :443 ssl crt /etc/haproxy/certs/ alpn http/1.1", "bind " + made.address_);
    write_file(
        made.files_->file("haproxy.cfg"),
        configuration_with("etc/haproxy/balance.cfg", all) + "\nfrontend state\n    bind " +
            made.state_address_ +
            "\n    http-request return status 200 content-type text/plain lf-string "
            "\"%[srv_is_up(wxlogind/one)]%[srv_is_up(wxlogind/two)]\"\n");
    made.run({"/usr/sbin/haproxy", "-db", "-f", made.files_->file("haproxy.cfg")});
    return made;
}

balancer balancer::nginx(const replacements& changes) {
    balancer made;
    made.address_ = some_address();
    replacements all = changes;
    all.emplace_back("listen 443 ssl", "listen " + made.address_);
    for (const char* const line :
         {"ssl_certificate     /etc/nginx/certs/login.example.com.pem;",
          "ssl_certificate_key /etc/nginx/certs/login.example.com.key;"})
        all.emplace_back(line, "");
    const auto file = [&made](const char* name) { return made.files_->file(name); };
    write_file(
        file("nginx.conf"),
        "daemon off; master_process off; worker_processes 1; pid " + file("pid") +
            "; error_log stderr;\nevents { worker_connections 256; }\nhttp { access_log off; "
            "client_body_temp_path " +
            file("body") + "; proxy_temp_path " + file("proxy") + "; fastcgi_temp_path " + file("fastcgi") +
            "; uwsgi_temp_path " + file("uwsgi") + "; scgi_temp_path " + file("scgi") + ";\n" +
            configuration_with("etc/nginx/balance.conf", all) + "}\n");
    made.run(
        {"/usr/sbin/nginx", "-p", made.files_->path().string(), "-c", file("nginx.conf"), "-e", "stderr"});
    return made;
}

std::string balancer::servers_up() const {
    return http_get(state_address_, "/").body;
}

} // namespace wxlogind::test
