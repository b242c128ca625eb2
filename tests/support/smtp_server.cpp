#include "tests/support/smtp_server.hpp"

#include <filesystem>
#include <fstream>

#include "tests/support/folder.hpp"

namespace tests {

SmtpServer::SmtpServer(int plain_port) : script_("tests/support/smtp_server.py", {std::to_string(plain_port)}) {
    std::ifstream ports(script_.folder() + "/ports");
    std::string mode;
    for (int port = 0; ports >> mode >> port;) ports_[mode] = port;
}

int SmtpServer::port(const std::string& mode) const { return ports_.at(mode); }

int SmtpServer::count() const {
    int count = 0;
    while (std::filesystem::exists(script_.folder() + "/" + std::to_string(count + 1) + ".json")) ++count;
    return count;
}

std::string SmtpServer::description(int number) const {
    return read_text(script_.folder() + "/" + std::to_string(number) + ".json");
}

std::string SmtpServer::bytes(int number) const { return read_text(script_.folder() + "/" + std::to_string(number) + ".eml"); }

}  // namespace tests
