// `manage shell` without a terminal: -c, scripts and standard input, on the database of the backend that this run is for.
// backends: sqlite mysql
#include <doctest/doctest.h>

#include "tests/integration/manage.hpp"
#include "tests/support/mariadb.hpp"

namespace {

using namespace tests;

class Deployed : public Installation {
   public:
    Deployed() {
        environment["APP_DATABASE__SLOW_QUERY_MS"] = "0";  // no warning where none is looked for, on a busy machine
        if (backend() == "mysql") environment["DATABASE_URL"] = new_database_url();
        REQUIRE(manage({"deploy"}).exit_code == 0);
        const std::string users =
            "for _, name in ipairs{'ann', 'bob'} do\n"
            "  User.new{email = name .. '@example.com', username = name, password = 'correct horse'}:save()\n"
            "end\n";
        const Finished made = manage({"shell"}, users);
        CHECK(made.err.empty());
        REQUIRE(made.exit_code == 0);
    }

    Finished run_code(const std::string& code, std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"shell", "-c", code});
        return manage(more);
    }

    // What the code shows, without the line end; the code must not fail.
    std::string shown(const std::string& code, const std::vector<std::string>& more = {}) const {
        const Finished result = run_code(code, more);
        CAPTURE(code);
        CHECK(result.err.empty());
        CHECK(result.exit_code == 0);
        return result.out.empty() ? "" : result.out.substr(0, result.out.size() - 1);
    }

    // What is told when the code fails, without "manage: -c:1: ".
    std::string refused(const std::string& code, const std::vector<std::string>& more = {}) const {
        const Finished result = run_code(code, more);
        CAPTURE(code);
        CAPTURE(result.out);
        CHECK(result.exit_code == 1);
        CHECK(is_one_line(result.err));
        constexpr std::string_view place = "manage: -c:1: ";
        REQUIRE(result.err.starts_with(place));
        return result.err.substr(place.size(), result.err.size() - place.size() - 1);
    }

    std::string counts() const {
        return shown("local n = {} for _, t in ipairs{'users', 'posts', 'comments'} do "
                     "n[#n + 1] = sql('SELECT count(*) AS n FROM ' .. t)[1].n end return table.concat(n, ' ')");
    }
};

}  // namespace

TEST_CASE("-c shows the values of an expression, runs statements, and fails with 1 in one line") {
    const Deployed here;
    CHECK(here.shown("1 + 1") == "2");
    CHECK(here.shown("=1 + 1, 'two'") == "2\n\"two\"");
    CHECK(here.shown("x = 3; print(x)") == "3");
    CHECK(here.shown("return nil") == "nil");
    CHECK(here.refused("nothing.at.all") == "attempt to index a nil value (global 'nothing')");
    CHECK(here.refused("x = = 1") == "unexpected symbol near '='");
    CHECK(here.run_code("exit(7)").exit_code == 7);
    CHECK(here.run_code("pcall(os.exit, 8) while true do end").exit_code == 8);
    CHECK(here.run_code("exit(false)").exit_code == 1);
    CHECK(here.manage({"shell", "-c", "1", "script.lua"}).exit_code == 2);
}

TEST_CASE("A script has its arguments, and an error in it is told with its line") {
    const Deployed here;
    write_text(here.path() / "arguments.lua",
               "#!/usr/bin/env lua\nprint(arg[0], arg[1], arg[2], #arg, ...)\nreturn 'not shown'\n");
    const Finished result = here.manage({"shell", "arguments.lua", "one", "--", "--two"});
    CHECK(result.exit_code == 0);
    CHECK(result.out == "arguments.lua\tone\t--two\t2\tone\t--two\n");
    write_text(here.path() / "script.lua", "print('begun')\n\n\n\n\n\nUser.find{id = 'one'}\n");
    const Finished failed = here.manage({"shell", "script.lua"});
    CHECK(failed.exit_code == 1);
    CHECK(failed.out == "begun\n");
    CHECK(failed.err == "manage: script.lua:7: the id is an integer, not a string\n");
    const Finished missing = here.manage({"shell", "missing.lua"});
    CHECK(missing.exit_code == 1);
    CHECK(is_one_line(missing.err));
    CHECK(contains(missing.err, "missing.lua"));
    const Finished crooked = here.manage({"shell", write_text(here.path() / "crooked.lua", "x = 1\nend\n")});
    CHECK(crooked.exit_code == 1);
    CHECK(contains(crooked.err, ":2: <eof> expected near 'end'"));
}

TEST_CASE("Standard input is a script, and an expression shows its value") {
    const Deployed here;
    CHECK(here.manage({"shell"}, "1 + 1\n").out == "2\n");
    CHECK(here.manage({"shell"}, "x = 1\nprint(x)\nreturn x + 1\n").out == "1\n2\n");
    const Finished failed = here.manage({"shell"}, "x = 1\ny = nil + x\n");
    CHECK(failed.exit_code == 1);
    CHECK(failed.err == "manage: stdin:2: attempt to perform arithmetic on a nil value\n");
    CHECK(here.manage({"shell"}, "").exit_code == 0);
}

TEST_CASE("Accounts are found, listed, made and changed by the models' rules") {
    const Deployed here;
    CHECK(here.shown("User.find{email='ANN@example.com'}.username, User.find{username='Bob'}.id, User.find{id=1}.email, "
                     "User.find{id=99}") == "\"ann\"\n2\n\"ann@example.com\"\nnil");
    CHECK(here.shown("#User.all(), User.all{limit=1}[1].id, User.all{after=1}[1].id, #User:all()") == "2\n1\n2\n2");
    CHECK(here.shown("User.find{id=1}:role().name, #Role.all(), Role.find{name='Moderator'}.permissions") == "\"User\"\n3\n15");
    CHECK(here.refused("User.new{email='ann@example.com', username='eve', password='correct horse'}:save()") ==
          "e-mail address ann@example.com is already in use");
    CHECK(here.refused("User.new{email='eve', username='eve', password='correct horse'}:save()") ==
          "the e-mail address does not look like one: name@domain is needed");
    CHECK(here.refused("User.new{email='eve@example.com', username='eve', password='short'}:save()") ==
          "the password must be 8 to 1024 bytes long");
    CHECK(here.refused("User.new{email='eve@example.com', username='eve'}:save()") == "a new User needs a password");
    CHECK(here.shown("(function() local u = User.find{id=1} u.role_name = 'Moderator' u.password = 'another horse' u:save() "
                     "return u.role_name, u.password, u:role().name end)()") == "\"Moderator\"\nnil\n\"Moderator\"");
    CHECK(here.refused("local u = User.find{id=1} u.role_name = 'King' u:save()") ==
          "there is no role \"King\"; the roles are: User, Moderator, Administrator");
    CHECK(here.refused("User.find{id=1}.emial") == "a User has no field emial; did you mean email?");
    CHECK(here.refused("User.find{id=1}.email = 'x'") == "the e-mail address of an account stays as it is");
    CHECK(here.refused("User.find{id=1}.id = 2") == "the id of a User cannot be assigned");
    CHECK(here.refused("User.find{id=1}.confirmed = false") == "an account that was confirmed stays so");
    CHECK(contains(here.refused("User.find{id=1}:delete()"), "an account cannot be deleted"));
    CHECK(here.shown("client:get('/api/v1.0/posts/', {auth={'ann@example.com', 'another horse'}}).status") == "200");
    CHECK(here.shown("(function() local u = User.new{email='c@example.com', username='carl', password='correct horse', "
                     "confirmed=false} u:save() local before = u.confirmed u.confirmed = true u:save() return before, "
                     "u:reload().confirmed end)()") == "false\ntrue");
}

TEST_CASE("Posts and comments are written, changed and removed, with Markdown, counts and versions") {
    const Deployed here;
    const std::string story = R"lua(
        local ann, bob = User.find{id=1}, User.find{id=2}
        local post = Post.new{author=ann, body="*hello*"}:save()
        print(post.id, post.body_html, post:author().username, ann:reload().post_count, post.version)
        post.body = "**changed**"
        local before = post.version
        post:save()
        print(post.body_html, post.version > before, #ann:posts(), Post.find{id=post.id}.body)
        local comment = Comment.new{post=post, author=bob, body="first"}:save()
        print(comment.body, comment:author().username, comment:post().id == post.id, #post:comments(), post:reload().comment_count)
        comment.disabled = true
        comment.body = "second"
        comment:save()
        print(comment.disabled, comment.body, #post:comments(), post:reload().comment_count, Comment.find{id=comment.id}.disabled)
        comment.disabled = false
        comment:save()
        print(#Comment.all(), Comment.all{limit=1}[1].body)
        comment:delete()
        print(Comment.find{id=1}, post:reload().comment_count, comment.id)
        print(bob:follow(ann), bob:is_following(ann), #ann:followers(), #bob:following(), #bob:timeline(), bob:unfollow(1))
        print(#Post.all(), #Post.all{newest=true}, #Post.all{after=post.id})
        post:delete()
        print(Post.find{id=1}, ann:reload().post_count)
    )lua";
    const Finished told = here.manage({"shell"}, story);
    CHECK(told.err.empty());
    CHECK(told.out == "1\t<p><em>hello</em></p>\tann\t1\t1\n"
                      "<p><strong>changed</strong></p>\ttrue\t1\t**changed**\n"
                      "first\tbob\ttrue\t1\t1\n"
                      "true\tsecond\t0\t0\ttrue\n"
                      "1\tsecond\n"
                      "nil\t0\tnil\n"
                      "true\ttrue\t1\t1\t1\ttrue\n"
                      "1\t1\t0\n"
                      "nil\t0\n");
    CHECK(here.refused("Post.new{author=1, body=''}:save()") == "post does not have a body");
    CHECK(here.refused("Post.new{author=99, body='x'}:save()") != "");
    CHECK(here.refused("Post.new{author='ann', body='x'}") == "the author is a User or an id, not a string");
    CHECK(here.refused("Post.new{author=User.new{}, body='x'}") == "this User is not stored: it is new, or was deleted");
    CHECK(here.refused("Post.new{body='x'}") == "Post.new needs an author");
    CHECK(here.refused("Post.find{id=1, x=2}") == "Post.find takes no x; there are: id");
    CHECK(here.refused("local p = Post.new{author=1, body='x'}:save() local q = Post.find{id=p.id} q.body = 'y' q:save() "
                       "p.body = 'z' p:save()") == "somebody has changed this Post meanwhile: reload() shows it as it is");
    CHECK(here.refused("Post.find{id=math.maxinteger}.body") == "attempt to index a nil value");
}

TEST_CASE("The client asks the application in this process") {
    const Deployed here;
    CHECK(here.shown("client:get('/api/v1.0/posts/').status") == "401");
    const std::string story = R"lua(
        local auth = {"ann@example.com", "correct horse"}
        local made = client:post("/api/v1.0/posts/", {auth=auth, body={body="hello"}})
        print(made.status, made.headers["location"], made:json().body)
        local token = client:post("/api/v1.0/tokens/", {auth=auth}):json().token
        print(client:get("/api/v1.0/posts/1", {auth=token}).status, client:head("/api/v1.0/posts/1", {auth=token}).body == "")
        print(client:put("/api/v1.0/posts/1", {auth=User.find{id=1}, body='{"body": "changed"}'}).status)
        print(client:get("/healthz").status, client:get("/nothing").status, client:options("/healthz").headers.Allow)
        print(client:get("/api/v1.1/posts/1", {auth=token, headers={Accept="application/xml"}}).headers["Content-Type"])
    )lua";
    const Finished told = here.manage({"shell"}, story);
    CHECK(told.err.empty());
    CHECK(told.out.starts_with("201\t/api/v1.0/posts/1\thello\n200\ttrue\n200\n200\t404\t"));
    CHECK(contains(told.out, "application/xml"));
    CHECK(here.shown("Post.find{id=1}.body") == "\"changed\"");
    CHECK(contains(here.refused("client:get('posts')"), "a URL begins with a slash"));
    CHECK(contains(here.refused("client:get('/', {auth=7})"), "auth is {"));
    CHECK(contains(here.refused("client:post('/', {boddy=7})"), "did you mean body?"));
    CHECK(here.refused("client:get('/'):json()") != "");
}

TEST_CASE("sql gives rows as tables and shows them as one; what it writes is raw") {
    const Deployed here;
    CHECK(here.shown("sql('SELECT id, username, NULL AS empty FROM users WHERE id <= ? ORDER BY id', 2)") ==
          "id  username  empty\n1   ann       NULL\n2   bob       NULL\n(2 rows)");
    CHECK(here.shown("sql('SELECT id FROM users WHERE id = 99;')") == "(0 rows)");
    CHECK(here.shown("sql('SELECT CAST(? AS SIGNED) AS n', math.maxinteger)[1].n == math.maxinteger, sql('SELECT CAST(? AS "
                     "SIGNED) AS n', math.mininteger)[1].n == "
                     "math.mininteger") == "true\ntrue");
    CHECK(here.shown("sql('SELECT username FROM users WHERE username = ?', 'ann')[1]") == "{username = \"ann\"}");
    CHECK(here.shown("sql(\"UPDATE users SET confirmed = ? WHERE id = 2\", false)") == "{rows_changed = 1}");
    CHECK(here.shown("User.find{id=2}.confirmed") == "false");
    CHECK(contains(here.refused("sql('SELECT nothing FROM users')"), "a database statement failed: "));
    CHECK(contains(here.refused("sql('SELECT 1; DELETE FROM users')"), "one statement at a time"));
    CHECK(contains(here.refused("sql('SELECT ?')"), "another number of values"));
    CHECK(contains(here.refused("sql('SELECT ?', {})"), "cannot be a table"));
    CHECK(here.shown("pcall(sql, 'SELEC')").starts_with("false\n"));
}

TEST_CASE("url_for, routes, config, db and app tell of the application, and change nothing") {
    Deployed here;
    here.environment["PUBLIC_URL"] = "https://blog.example";
    CHECK(here.shown("url_for('api_v1_0.get_post', {id=1}), url_for('main.index', {_external=true})") ==
          "\"/api/v1.0/posts/1\"\n\"https://blog.example/\"");
    CHECK(here.shown("url_for('api.get_post', {id=1})") == "\"/api/v1.1/posts/1\"");  // the newest version's
    CHECK(here.refused("url_for('posts.get_post', {id=1})") ==
          "there is no endpoint posts.get_post; there are: api_v1_0.get_post, api_v1_1.get_post");
    CHECK(here.refused("url_for('api_v1_0.get_post')") == "api_v1_0.get_post needs id: its rule is /api/v1.0/posts/<int:id>");
    CHECK(here.refused("url_for('api_v1_0.get_post', {id='one'})") == "id is an integer in /api/v1.0/posts/<int:id>");
    CHECK(here.refused("url_for('api_v1_0.get_post', {id=1, pge=2})") ==
          "api_v1_0.get_post takes no pge; there are: id, _external");
    CHECK(here.shown("routes()") == [&] {
        std::string text = here.manage({"routes"}).out;
        text.pop_back();
        return text;
    }());
    CHECK(here.shown("config.name, config.server.port, config.secret.key") == "\"development\"\n5000\n\"***\"");
    CHECK(here.refused("config.server.port = 1") == "config.server is read-only here");
    CHECK(here.refused("config.sever") == "config has no sever; did you mean server?");
    CHECK(here.shown("app.name, app.config, db.backend, db.sandbox") ==
          "\"dewar\"\n\"development\"\n\"" + std::string(backend()) + "\"\nfalse");
    CHECK(contains(here.shown("help()"), "User.find"));
}

TEST_CASE("A sandbox sees what it writes, by models, client and sql alike, and leaves nothing behind") {
    const Deployed here;
    const std::string before = here.counts();
    const std::string story = R"lua(
        local auth = {"ann@example.com", "correct horse"}
        print(client:post("/api/v1.0/posts/", {auth=auth, body={body="by the client"}}).status)
        Post.new{author=1, body="by the model"}:save()
        sql("UPDATE users SET confirmed = ? WHERE id = 2", false)
        User.new{email="eve@example.com", username="eve", password="correct horse"}:save()
        print(pcall(function() Post.new{author=99, body="by nobody"}:save() end))
        print(#Post.all(), #User.all(), User.find{id=2}.confirmed, db.sandbox)
        print(#client:get("/api/v1.0/posts/", {auth=auth}):json().posts, sql("SELECT count(*) AS n FROM posts")[1].n)
        print(pcall(sql, "COMMIT"))
        print(pcall(sql, "CREATE TABLE extra (id BIGINT)"))
    )lua";
    const Finished told = here.manage({"shell", "--sandbox"}, story);
    CHECK(told.err.empty());
    CHECK(told.exit_code == 0);
    CHECK(contains(told.out, "201\nfalse"));
    CHECK(contains(told.out, "2\t3\tfalse\ttrue\n2\t2\nfalse\t"));
    CHECK(here.counts() == before);
    CHECK(here.shown("User.find{id=2}.confirmed, User.find{id=1}.post_count") == "true\n0");
    CHECK(here.run_code("Post.new{author=1, body='x'}:save() error('stop')", {"--sandbox"}).exit_code == 1);
    CHECK(here.run_code("Post.new{author=1, body='x'}:save() exit(5)", {"--sandbox"}).exit_code == 5);
    CHECK(here.counts() == before);
}

TEST_CASE("--read-only refuses every write with one line") {
    const Deployed here;
    const std::string before = here.counts();
    const std::vector<std::string> read_only{"--read-only"};
    const std::string reason = "this shell is --read-only: nothing is written";
    CHECK(here.refused("Post.new{author=1, body='x'}:save()", read_only) == reason);
    CHECK(here.refused("User.find{id=1}:follow(2)", read_only) == reason);
    CHECK(here.refused("sql('DELETE FROM users')", read_only) == reason);
    CHECK(here.refused("client:post('/api/v1.0/posts/', {auth={'ann@example.com', 'correct horse'}, body={body='x'}})",
                       read_only) == reason);
    CHECK(here.shown("#User.all(), sql('SELECT count(*) AS n FROM users')[1].n, client:get('/api/v1.0/posts/', "
                     "{auth={'ann@example.com', 'correct horse'}}).status",
                     read_only) == "2\n2\n200");
    CHECK(here.counts() == before);
}

TEST_CASE("In production a write without a terminal needs --yes") {
    const Deployed here;
    const std::string write = "User.find{id=1}:follow(2)";
    CHECK(here.refused(write, {"--config", "production"}) ==
          "the config production is for production: without a terminal to ask at, a write needs --yes");
    CHECK(here.shown("User.find{id=1}:is_following(2)", {"--config", "production"}) == "false");
    CHECK(here.shown(write, {"--config", "production", "--sandbox"}) == "true");
    CHECK(here.shown(write, {"--config", "production", "--yes"}) == "true");
    CHECK(here.shown("User.find{id=1}:is_following(2)") == "true");
}

TEST_CASE("An error of the application is an error of Lua, which a script may catch") {
    const Deployed here;
    CHECK(here.shown("pcall(Post.find, {id = 'x'})") == "false\n\"the id is an integer, not a string\"");
    CHECK(here.shown("select('#', pcall(function() return Post.new{author=1, body=('x'):rep(5000000)}:save() end))") == "2");
    CHECK(here.shown("(function() for i = 1, 1000 do pcall(User.find, {}) end collectgarbage() return 'alive' end)()") ==
          "\"alive\"");
}

TEST_CASE("A database that is not there is told before anything else") {
    const Installation here;
    if (backend() == "mysql") return;  // the same command, whose errors of signing in are tested elsewhere
    const Finished result = here.manage({"shell", "-c", "1"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_line(result.err));
    CHECK(contains(result.err, "manage deploy"));
}
