// `manage runserver` with TLS: the certificate that it serves, another one at SIGHUP, its refusals, its end.
#include <doctest/doctest.h>

#include "tests/integration/manage.hpp"
#include "tests/integration/support/running.hpp"
#include "tests/integration/support/tls_client.hpp"

namespace {

using namespace tests;

class Deployed : public Installation {
   public:
    Deployed() {
        make_certificate(path(), "server", {.serial = 1001});
        REQUIRE(manage({"deploy"}).exit_code == 0);
    }

    Start serve(const std::string& certificate = "server.pem", const std::string& key = "server.key.pem") const {
        return start({"runserver", "--port", "0", "--tls-cert", certificate, "--tls-key", key});
    }
    // Puts a file in the place of another one, at once.
    void replace(const std::string& name, const std::string& by) const { std::filesystem::rename(path() / by, path() / name); }
};

int port_of(Process& server) {
    const std::string banner = server.wait_for("Press Ctrl-C");
    const std::string before = "https://127.0.0.1:";
    return std::stoi(banner.substr(banner.find(before) + before.size()));
}

int status_of(Connection& connection, const std::string& target) {
    connection.send(get(target));
    return connection.receive().status;
}

}  // namespace

TEST_CASE("runserver serves HTTPS, and at SIGHUP new connections get the certificate that is there then") {
    const Deployed here;
    Process server(here.serve());
    const int port = port_of(server);
    TlsConnection before(port);
    CHECK(before.serial() == 1001);
    CHECK(status_of(before, "/healthz") == 200);

    make_certificate(here.path(), "next", {.serial = 1002});
    here.replace("server.pem", "next.pem");
    here.replace("server.key.pem", "next.key.pem");
    CHECK(TlsConnection(port).serial() == 1001);  // nobody said so yet
    server.send(SIGHUP);
    server.wait_for("new connections get the TLS certificate of server.pem");
    CHECK(TlsConnection(port).serial() == 1002);
    CHECK(status_of(before, "/healthz") == 200);

    make_certificate(here.path(), "other");
    here.replace("server.key.pem", "other.key.pem");
    server.send(SIGHUP);
    server.wait_for("error the TLS key server.key.pem does not belong to the certificate server.pem; "
                    "the certificate that was read before stays in use");
    TlsConnection after(port);
    CHECK(after.serial() == 1002);
    CHECK(status_of(after, "/healthz") == 200);

    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 0);
}

TEST_CASE("a certificate or key that cannot be used is refused at the start, in one line") {
    const Deployed here;
    make_certificate(here.path(), "other");
    make_certificate(here.path(), "locked", {.passphrase = "hunter2hunter2"});
    write_text(here.path() / "text.pem", "no PEM\n");
    const auto line = [&](const std::string& certificate, const std::string& key) {
        const Finished result = run(here.serve(certificate, key));
        CHECK(result.exit_code == 1);
        CHECK_MESSAGE(is_one_line(result.err), result.err);
        return result.err;
    };
    CHECK(line("none.pem", "server.key.pem") ==
          "manage: the TLS certificate none.pem cannot be read: No such file or directory\n");
    CHECK(line("server.pem", "none.pem") == "manage: the TLS key none.pem cannot be read: No such file or directory\n");
    CHECK(line("server.pem", ".") == "manage: the TLS key . cannot be read: Is a directory\n");
    CHECK(line("server.pem", "other.key.pem") ==
          "manage: the TLS key other.key.pem does not belong to the certificate server.pem\n");
    CHECK(
        contains(line("locked.pem", "locked.key.pem"), "the TLS key locked.key.pem is encrypted; store it without a passphrase"));
    CHECK(contains(line("text.pem", "server.key.pem"), "the TLS certificate text.pem cannot be used: it must be a chain"));
    CHECK(contains(line("server.pem", "text.pem"), "the TLS key text.pem cannot be used: it must be a private key in PEM"));
}

TEST_CASE("a certificate without a key, or the reverse, is refused where it was set") {
    Deployed here;
    const Finished option = here.manage({"runserver", "--tls-cert", "server.pem"});
    CHECK(option.exit_code == 2);
    CHECK(option.err ==
          "manage: command line --tls-cert: server.tls_cert is set and server.tls_key is not; set both, or none for "
          "plain HTTP\n");
    here.environment["APP_SERVER__TLS_KEY"] = "server.key.pem";
    const Finished variable = here.manage({"runserver"});
    CHECK(variable.exit_code == 1);
    CHECK(contains(variable.err, "environment APP_SERVER__TLS_KEY: server.tls_key is set and server.tls_cert is not"));
}

TEST_CASE("an expired certificate is served, with a warning") {
    const Deployed here;
    make_certificate(here.path(), "old", {.serial = 7, .days = -1});
    Process server(here.serve("old.pem", "old.key.pem"));
    const int port = port_of(server);
    server.wait_for("warning the TLS certificate old.pem has expired");
    CHECK(TlsConnection(port).serial() == 7);
}

TEST_CASE("at SIGTERM what is under way through TLS is answered, and every connection closed in order") {
    const Deployed here;
    Process server(here.serve());
    const int port = port_of(server);
    TlsConnection busy(port), kept(port);
    CHECK(status_of(kept, "/healthz") == 200);
    busy.send(get("/_slow?seconds=2"));
    Connection half(port);  // whose handshake never ends
    half.send("\x16\x03\x01");
    std::this_thread::sleep_for(500ms);
    server.send(SIGTERM);
    server.wait_for("a second signal stops at once");
    const Answer answer = parse_answer(busy.receive_all());
    CHECK(answer.status == 200);
    CHECK(answer.header("Connection") == "close");
    CHECK(busy.was_closed_in_order());
    CHECK(kept.receive_all().empty());
    CHECK(kept.was_closed_in_order());
    CHECK(half.receive_all().empty());
    CHECK(server.wait().exit_code == 0);
}
