"""What a mention in a text that is no Python is taken for, and what to write instead."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from flake8_runsdir.audit import texts
from flake8_runsdir.audit.inventory import MUST_FIX, Place
from flake8_runsdir.audit.subject import Subject
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import Layer
from flake8_runsdir.settings import Resolver

NAME = ".autonomous_runs"
VARIABLE = "AUTONOMOUS_RUNS_DIR"

#: By file and status: texts in which `§` is a mention, and the last one has that status.
COMMANDS = {
    "a.sh": {
        "critical": r"""
            mkdir -p §/x
            rm -rf "§"
            cd § && ls
            ls $(cat §/x)
            grep -r x §
            grep -r x -A 3 §
            grep -rl --include '*.py' x §
            sed -i 's/a/b/' §/x
            find § -name x
            [ -d § ] && ls
            [[ -f "§/x" ]] || exit
            if [ "$a" = b ]; then rm -rf §; fi
            tar --exclude .git -czf x . && mv x §/x
            tar --exclude .git -czf §/x.tgz .
            rsync --exclude=§ a §/b
            rsync --exclude-from=§/list a b
            git rm -r --cached --ignore-unmatch §
            find . -name x -prune && ls §
            find . -name x -exec mv {} § \;
            case $x in §) mkdir §;; esac
            case $x in a) mkdir §;; esac
            case "$x" in\n  a) rm -rf § ;;\nesac
            (cd x; §/bin/tool)
            echo done > §/x
            echo done >> "§/x"
            echo "a" | tee §/x
            echo "$(ls §)"
            echo `ls §`
            d=$(echo §)
            printf '%s' § | xargs rm -rf
            echo § | while read d; do rm -rf "$d"; done
            echo "out=§" >> "$GITHUB_OUTPUT"
            echo § > "$state"
            cat > a.sh <<EOF\nmkdir -p §/x\nEOF
            bash <<'EOF'\nmkdir -p §/x\nEOF
            cat <<EOF\nx\nEOF\nmkdir §
            cat "# §"
            echo "#" > §/x
            logrotate §/conf
            cp "${AUTONOMOUS_RUNS_DIR:-/data}/x" §/y
            rm -rf $AUTONOMOUS_RUNS_DIR §
            cp -r "$AUTONOMOUS_RUNS_DIR" §
            grep AUTONOMOUS_RUNS_DIR §/conf
            AUTONOMOUS_RUNS_DIR=/tmp ls §
            export AUTONOMOUS_RUNS_DIR=x && mkdir §
            R="${OTHER_DIR:-./§}"
            RUNS=§
            for d in § logs; do
            trap 'rm -rf §' EXIT
            bash -c "echo x && rm -rf §"
            docker run -v "$(pwd)/§:/data" x
            x && §/run
            "§/bin/tool" --exclude x
            skip && rm -rf §
            runs_dir() { echo "$BASE/§"; }
            find . -name § -exec rm -rf {} +
            find . -type d -name § | xargs rm -rf
            for d in $(find . -name §); do rm -rf "$d"; done
            get() { [ -n "$X" ] && echo "$X" || echo §; }
            case $1 in\n  a) echo §/a ;;\nesac
            for d in a b; do echo "§/$d"; done | xargs mkdir -p
            (crontab -l; echo "0 3 * * * rm -rf /srv/§/tmp") | crontab -
            { echo "[app]"; echo "runs=§"; } > conf
            printf '%s\\n' "$base/§"
            printf -v out '%s/%s' § "$id"
            sudo tee /etc/logrotate.d/x <<EOF\n/srv/§/*.log {\nEOF
            echo "rm -rf §" >> catalog.sh
            echo "x in §" > /srv/blog/app.conf
            grep -f §/patterns x
            grep -Ff §/ids x
            grep -c . §/x
            sed -f §/x.sed y
            sed "s|^runs_dir:.*|runs_dir: §|" c.yml
            awk -v dir=§ '{print dir}' x
            y=${x//runs/§}
            grep -r --exclude-from=§/e x .
            eslint --ignore-path §/ign .
            EXCLUDE_FROM=§/ex
            message=§/msg.txt
            log_file §/app.log
            logger -f §/app.log
            curl -o §/x http://h/--exclude
            echo see § && rm -rf §
            echo see §; rm -rf §
            find . -name x | grep y > §/list
        """,
        "match": r"""
            grep -q § list
            git grep -n §
            grep -rn -e "§" src
            grep -r --include '*.py' § src
            grep -E '^\§/' x
            pgrep -f §
            diff -x § -r a b
            pytest --deselect §/t.py
            sed -i 's|§|x|' f
            sed -i '' "s|§/||" f
            awk '/§/ {print}' f
            find . -name § -prune
            find . -path "./§/*" -prune -o -print
            find . \\\n  -not -path './§/*'
            rsync --exclude=§/ a b
            rsync --exclude § a b
            rsync --exclude={a,§} a b
            tar --exclude='./§' -cf x .
            zip -r a.zip . -x "§/*"
            tree -I '§|x'
            rg x -g '!**/§/**'
            fd x -E §
            git clean -fdx -e §
            git diff -- . ':!./§'
            git add -A -- ':(exclude)§'
            flake8 --extend-exclude § src
            pytest --ignore §
            [ "$p" = "§" ] && exit
            [ "$p" != § ] || exit
            [[ $p == */§/* ]]
            [[ $p == a || $p == § ]]
            [ "$AUTONOMOUS_RUNS_DIR" = "§" ]
            case $p in\n  §/*) exit;;\nesac
            case $p in\n  a|§) exit;;\nesac
            case $x in §) ;; esac
            y="${x##*/§}"
            y=${x%/§/*}
            IGNORED_DIRS="x §"
            EXCLUDES=(a "§" b)
            echo §/ >> .gitignore
            echo '§' | tee -a .dockerignore
        """,
        "documentation": r"""
            ls x # §
            echo see § for more
            echo >&2 "no §"
            echo "no §" >&2
            echo "a > §"
            [ -d x ] || echo "no §"
            if ! x; then echo "no §"; fi
            printf 'in %s' "§" | less
            log_info "see §"
            die "cannot find §"
            echo "see §" >> "$LOG_FILE"
            echo "all is in § now" > "$out"
            echo "see §" | tee -a build.log
            echo "see §" 2>/dev/null
            echo \\\n  "see §"
            USAGE="x §"
            cat <<EOF\n  --dir DIR   default: §\nEOF
            cat >&2 <<-'EOF'\n  §\n  EOF
            cat > README.md <<EOF\n§\nEOF
            >&2 echo "no §"
            echo -e "\\033[31mno §\\033[0m"
            git commit -m "ignore §"
            ./bin/tool --message "writing to §"
            usage=$(cat <<EOF\n§\nEOF\n)
            read -r -d '' HELP <<EOF\n§\nEOF
        """,
        "fixed": r"""
            R="${AUTONOMOUS_RUNS_DIR:-./§}"
            : "${AUTONOMOUS_RUNS_DIR:=§}"
            mkdir -p "${AUTONOMOUS_RUNS_DIR:-$ROOT/§}/x"
            cat > x <<EOF\n${AUTONOMOUS_RUNS_DIR:-./§}\nEOF
        """,
        "definition": r"""
            export AUTONOMOUS_RUNS_DIR=§
            AUTONOMOUS_RUNS_DIR=/tmp/§ pytest
            docker run -e AUTONOMOUS_RUNS_DIR=§ x
            [ -z "$AUTONOMOUS_RUNS_DIR" ] && AUTONOMOUS_RUNS_DIR=§
            echo "AUTONOMOUS_RUNS_DIR=§" >> "$GITHUB_ENV"
            cat > .env <<EOF\nAUTONOMOUS_RUNS_DIR=§\nEOF
        """,
    },
    "a.fish": {"definition": "set -x AUTONOMOUS_RUNS_DIR §"},
    ".env": {"definition": "AUTONOMOUS_RUNS_DIR=§", "critical": "RUNS=§\nLOG_DIR = §/x"},
    "Makefile": {
        "critical": r"""
            clean:\n\trm -rf §
            clean: ; rm -rf §
            RUNS := §
            clean:\n\techo x && rm -rf §
            x: $(wildcard §/*)
            x:\n\t[ -d § ] || mkdir §
            test: RUNS = §/test
        """,
        "match": r"""
            D := $(filter-out §,$(DIRS))
            x:\n\tgrep -q § list
            ifeq ($(D),§)
            EXCLUDE := a §
        """,
        "documentation": r"""
            clean:\n\techo see §
            x:\n\t-@echo see §
            $(info see §)
            # §
        """,
        "definition": "AUTONOMOUS_RUNS_DIR ?= §",
        "fixed": "D := $(or $(AUTONOMOUS_RUNS_DIR),§)",
    },
    "Dockerfile": {
        "critical": r"""
            COPY § /x
            RUN mkdir -p §
            RUN ["mkdir", "§"]
            VOLUME /app/§
            RUN echo x > §/y
        """,
        "documentation": r"""
            RUN echo see §
            LABEL description="Mount a volume at /app/§"
            RUN x \\\n    # the volume §
        """,
        "definition": r"""
            ENV AUTONOMOUS_RUNS_DIR=/x/§
            ENV AUTONOMOUS_RUNS_DIR §
            ARG AUTONOMOUS_RUNS_DIR=§
        """,
    },
    "a.ps1": {
        "critical": r"""
            Get-ChildItem §
            Remove-Item -Path § -Recurse
            New-Item -Name § -ItemType Directory
            Get-ChildItem -Exclude x §
            if ($a -eq "b") { Remove-Item § }
            Remove-Item $env:AUTONOMOUS_RUNS_DIR §
            Select-String -Path §/*.log -Pattern ERROR
            function Get-RunsDir { Write-Output "§" }
        """,
        "match": r"""
            if ($p -like "§/*") { }
            Get-ChildItem | Where-Object { $_.Name -ne "§" }
            Get-ChildItem -Exclude a, §
            Get-ChildItem -Exclude @("a", "§")
            $ignored = @("a", "§")
        """,
        "documentation": 'Write-Host "see §"\n# §',
        "definition": r"""
            $env:AUTONOMOUS_RUNS_DIR = "§"
            if (-not $env:AUTONOMOUS_RUNS_DIR) { $env:AUTONOMOUS_RUNS_DIR = "§" }
        """,
        "fixed": '$d = $env:AUTONOMOUS_RUNS_DIR ?? "§"',
    },
    "a.bat": {
        "critical": 'rd /s §\nif "%x%"=="y" rd /s §\ncd § & dir\nrd /s /q D:\\\\§',
        "match": 'if "%x%"=="§" exit\nfindstr § list',
        "documentation": "REM §\necho see §",
        "definition": r"""
            set AUTONOMOUS_RUNS_DIR=§
            if not defined AUTONOMOUS_RUNS_DIR set AUTONOMOUS_RUNS_DIR=§
        """,
    },
}
PROGRAMS = {
    "a.ts": {
        "critical": r"""
            x = path.join("§", id)
            x = path.join(root, "§", id);
            x = fs.readFileSync(`§/${id}`)
            const RUNS = "§";
            x = "// §"
            execSync("rm -rf §")
            if (p.startsWith("a")) fs.rmSync("§/x")
            if (a === "b") { fs.rmSync("§") }
            if (fs.existsSync("§") === true) {}
            console.log("x", fs.readdirSync("§"))
            console.log(`${fs.readdirSync("§")}`)
            throw new Error(fs.readFileSync("§/x"))
            expect(fs.existsSync("§/x")).toBe(true)
            function removeExcluded() {\n  fs.rmSync("§")\n}
            const ignored = fs.readdirSync("§")
            logger.info("x"); fs.rmSync("§")
            const x = {\n  ignored: 1,\n  dir: "§",\n}
            const x = { ignored: ["a"], dir: "§" }
            items.filter(x => fs.rmSync(`§/${x}`))
            p.replace("~", "§")
            x = process.env.HOME || "§"
            fs.cpSync(process.env.AUTONOMOUS_RUNS_DIR || "x", "§")
            it("works", () => {\n  run("§/x")\n})
            function f() {\n  const d = ci ? "§" : "x"\n}
            fs.rmSync("C:\\\\app\\\\§")
            it("works", () => {\n  const dir = path.join(__dirname, "§")\n})
            describe("x", () => { const p = "§/x"; clean(p); })
            expect(() => { const d = "§"; clean(d) }).toThrow()
            logger.configure({ filename: "§/x.log" })
            log.addFile("§/x.log")
            const description = path.join("§", "description.md")
            const title = "§/title"
            const ignoreFile = path.join("§", "ignore")
            const cmd = "tar czf x.tgz §"
            const cmd = `docker run -v ${cwd}/§:/x img`
            await $`rm -rf §`
            replaceInFile("§/x", "a", "b")
            assertDir("§")
            import x from "./§/x"
            open(\n  "§",\n)
        """,
        "match": r"""
            if (p.startsWith("§/")) {}
            if (p === "§") {}
            if ("§" === p) {}
            if (x && p.includes("§")) {}
            switch (p) { case "§": break }
            x = /\\§/
            x = new RegExp("§")
            IGNORED = [\n  "§",\n]
            const IGNORED = new Set(["a", "§"])
            export const ignorePatterns = [`**/§/**`]
            const x = { dir: "a", exclude: ["§"] }
            excluded.push("§")
            expect(dir).toBe("§")
            expect(getPath()).toEqual(path.join("§", "x"))
            assert.equal(dir, "§")
            p.replace("§", "")
            if (["a", "§"].includes(p)) {}
            expect(runPath("a")).toContain("§")
            globalIgnores(["§/*"])
            spawn("tar", ["czf", "x.tgz", "--exclude", "§", "."])
            spawn("codespell", ["--skip", "§"])
            assert.strictEqual(dir, "§")
        """,
        "documentation": r"""
            // §
            /* a\n §\n*/
            console.log("see §")
            console.log("see", "§")
            console.error(\n  "no §",\n)
            throw new Error(`no §`)
            throw new Error("no " + "§")
            showToast("There is nothing in §")
            describe("§", () => {})
            logger.warn({ dir: "§" }, "x")
            const message = "no runs in §"
            help = `\nThere are runs in \\`§\\`, and\n`
            showToast("There is nothing in '§' yet")
            x = `\nread and print what is in §\n`
        """,
        "fixed": r"""
            x = process.env.AUTONOMOUS_RUNS_DIR ?? "§"
            x = process.env["AUTONOMOUS_RUNS_DIR"] || path.join(root, "§")
            x = process.env.AUTONOMOUS_RUNS_DIR ? process.env.AUTONOMOUS_RUNS_DIR : "§"
            x = `${process.env.AUTONOMOUS_RUNS_DIR ?? "§"}/x`
            x = open(process.env.AUTONOMOUS_RUNS_DIR || args.dir || "§")
            x = process.env.AUTONOMOUS_RUNS_DIR! || "§"
            x = (process.env.AUTONOMOUS_RUNS_DIR as string) ?? "§"
            if (!process.env.AUTONOMOUS_RUNS_DIR) { dir = "§" }
        """,
        "definition": r"""
            process.env.AUTONOMOUS_RUNS_DIR = "§"
            const env = { AUTONOMOUS_RUNS_DIR: "§" }
            vi.stubEnv("AUTONOMOUS_RUNS_DIR", "§")
        """,
    },
    "b.ts": {
        "data": r"""
            x = settings()§
            x = a[0]§ + 1
            export interface Opts { dir: "§" | "x" }
            type Dir = `§/${string}`
            x = { "§": true }
            JSON.stringify({ dir: "§" })
        """
    },
    "a.go": {
        "critical": r"""
            x := filepath.Join("§", id)
            os.MkdirAll("§", 0o755)
            if strings.HasPrefix(p, "a") { os.Remove("§") }
            log.Fatal(os.Remove("§"))
            cfg := Config{Dir: "§"}
            x := fmt.Sprintf("§/%s", id)
            //go:embed §/seed/*
        """,
        "match": r"""
            strings.HasPrefix(p, "§")
            if p == "§" {
            case "a", "§":
            var ignored = []string{"a", "§"}
            x := regexp.MustCompile("§")
        """,
        "documentation": r"""
            fmt.Println("see", "§")
            return fmt.Errorf("no §: %w", err)
            log.Printf("§")
            t.Run("writes §", func(t *testing.T) {
        """,
        "definition": r"""
            os.Setenv("AUTONOMOUS_RUNS_DIR", "§")
            t.Setenv("AUTONOMOUS_RUNS_DIR", "§")
            cmd.Env = append(os.Environ(), "AUTONOMOUS_RUNS_DIR=§")
        """,
        "fixed": r"""
            x := env.Get("AUTONOMOUS_RUNS_DIR", "§")
            if os.Getenv("AUTONOMOUS_RUNS_DIR") == "" {\n\tdir = "§"\n}
        """,
    },
    "a.rs": {
        "critical": 'fs::create_dir_all("§")?;\nfn f<\'a>(x: &\'a str) { open("§") }',
        "match": 'if p.starts_with("§") {\nlet ignored = vec!["a", "§"];',
        "documentation": 'panic!("no §");\nprintln!("{}", "§");',
        "fixed": 'let d = env::var("AUTONOMOUS_RUNS_DIR").unwrap_or_else(|_| "§".into());\n'
        'let d = env::var("AUTONOMOUS_RUNS_DIR").unwrap_or("§".to_string());',
    },
    "a.rb": {
        "critical": r"""
            FileUtils.rm_rf("§")
            raise "x" if File.exist? "§"
            puts File.read "§/x"
            CLEAN.include("§")
            puts Dir.entries("§")
            Dir.mkdir "§"
            system "tar czf x.tgz §"
            out = `cat §/x`
            %x(du -sh §)
            dirs = %w[src §]
            Logger.new("§/log")
        """,
        "match": 'IGNORED = %w[a §]\nreturn if path.start_with?("§")\nx.gsub("§", "")',
        "documentation": 'puts "see §"\nraise "no §"\nwarn("no §")',
        "fixed": r"""
            ENV.fetch("AUTONOMOUS_RUNS_DIR", "§")
            ENV.fetch("AUTONOMOUS_RUNS_DIR") { "§" }
            ENV["AUTONOMOUS_RUNS_DIR"] || "§"
        """,
        "definition": 'ENV["AUTONOMOUS_RUNS_DIR"] = "§"',
    },
    "A.java": {
        "critical": 'Path p = Paths.get("§", id);\nnew File("§/x").delete();',
        "match": r"""
            if (p.equals("§")) return;
            List<String> ignored = List.of("a", "§");
            assertEquals("§", dir);
            if ("§".equals(name)) return;
            assertThat(p).isEqualTo("§/a");
        """,
        "documentation": 'System.out.println("§");\nthrow new IllegalStateException("§");',
    },
    "a.php": {"fixed": '$d = getenv("AUTONOMOUS_RUNS_DIR") ?: "§";', "critical": 'mkdir("§");'},
    "a.t": {"documentation": "# see §"},
    "Jenkinsfile": {
        "critical": r"""
            sh 'mkdir -p §'
            sh '''\n  cp -r § /backup\n'''
            bat 'rd /s /q §'
        """,
        "match": "exclude '**/§/**'",
    },
    "CMakeLists.txt": {
        "critical": "file(GLOB F §/*.json)\ninstall(DIRECTORY §/ DESTINATION share)",
        "match": 'if(NAME STREQUAL "§")\nlist(FILTER F EXCLUDE REGEX "§/tmp")',
    },
    "a.c": {"critical": '#include "§/gen.h"'},
    "SConstruct": {"critical": "open('§/x')"},
    "a.py.j2": {"critical": "open('§/x')"},
    "a.pl": {"documentation": "# see §", "fixed": 'my $d = $ENV{AUTONOMOUS_RUNS_DIR} // "§";'},
    "a.kt": {"fixed": 'val d = System.getenv("AUTONOMOUS_RUNS_DIR") ?: "§"'},
    "a.lua": {"fixed": 'local d = os.getenv("AUTONOMOUS_RUNS_DIR") or "§"'},
}
VALUES = {
    "a.json": {
        "data": r"""
            {"x": "§"}
            {"§": 1}
            {"log_dir": "x", "exclude": ["a"], "z": "§"}
            {"log_dir":"x","exclude":["a"],"z":"§"}
            {"log_dir": "a", "§": 1}
            {"env": {"AUTONOMOUS_RUNS_DIR": "x"}, "y": "§"}
            {"log_dir": {"a": 1}, "x": [\n  "§"\n]}
            {"log_dir": {\n"a": 1}, "x": {\n"y": 1, "z": "§"}}
        """,
        "critical": r"""
            {"outDir": "§"}
            {"scripts": {"clean": "rm -rf §"}}
            {"scripts": {"clean": "echo x && rm -rf §", "grep": "x"}}
            {"exclude": ["a"], "log_dir": ["§"]}
            {"a": [{"exclude": 1}, {"log_dir": "§"}]}
            {"ignore_file": "§/ignore"}
            {"env": {"HOME": "/srv/§/home"}}
            {\n"log_dir":\n"§",\n"exclude": 1}
            [{"path": "x/§", "y": "}"}]
        """,
        "match": r"""
            {"ignorePatterns": ["a", "§"]}
            {"ignorePatterns": [\n  "§"\n]}
            {"exclude": {"dir": ["x"], "y": "§"}}
            {"files.exclude": {"**/§": true}}
            {"scripts": {"find": "grep § x"}}
        """,
        "documentation": r"""
            {"description": "see §"}
            {"BuildCommand": {"documentation": "what is in § is kept"}}
        """,
        "definition": r"""
            {"AUTONOMOUS_RUNS_DIR": "§"}
            {"env": {"x": "y", "AUTONOMOUS_RUNS_DIR":"§"}}
        """,
    },
    "a.yml": {
        "data": r"""
            x: §
            e: {AUTONOMOUS_RUNS_DIR: §, b: §}
            volumes:\n  - a\nx:\n  - §
            - name: OTHER\n  value: §
            x: {exclude: [a], z: §}
            template: §/t.j2
            spec: !REF a.command_lib:§
        """,
        "critical": r"""
            log_dir: §
            volumes:\n  - ./§:/x
            volumes:\n- ./§:/x
            run: |\n  rm -rf §
            run: mkdir -p §
            run: echo x && rm -rf §
            - run: "rm -rf §"
            url: sqlite:///§/x.db
            x: {exclude: [a], out_dir: §}
            template:\n  env:\n    - name: LOG_DIR\n      value: /app/§
            logs: §/logs
            path.data: /srv/§
            healthcheck:\n  test: ["CMD", "test", "-f", "§/alive"]
            run.sh: |\n  mkdir -p §
            - when: x\n  path: §
        """,
        "match": r"""
            exclude:\n  - §
            exclude: a, b, §
            exclude: ^(\\§/|docs/)
            x: {exclude: [a, §]}
            args: [--exclude, §]
            args: ["--skip", "§"]
            run: |\n  grep § x
            run: tar --exclude=§ -cf x .
        """,
        "documentation": r"""
            # §
            description: Clean (all, §)
            - name: Create §
            run: echo "see §"
            script:\n  - echo "see §"
            run: echo see §
            run: |\n  # then the § is gone
            run: |\n  ls  # not §
        """,
        "definition": r"""
            env:\n  AUTONOMOUS_RUNS_DIR: §
            - AUTONOMOUS_RUNS_DIR=§
            - name: AUTONOMOUS_RUNS_DIR\n  value: §
            env: {X: y, AUTONOMOUS_RUNS_DIR: §}
        """,
        "fixed": r"""
            x: ${AUTONOMOUS_RUNS_DIR:-./§}
            x: ${{ env.AUTONOMOUS_RUNS_DIR || '§' }}
        """,
    },
    "a.service": {
        "critical": r"""
            StandardOutput=append:/srv/§/out.log
            ConditionPathExists=/srv/§
            WorkingDirectory=/srv/§
        """
    },
    "nginx.conf": {
        "critical": r"""
            root /srv/§/site;
            access_log /srv/§/a.log main;
            server { root /srv/§/site; }
        """
    },
    "a.tf": {"critical": r"user_data = <<-EOF\n  rm -rf /srv/§\nEOF", "data": 'x = "§"'},
    "a.properties": {"critical": "logging.file.name=§/app.log"},
    "a.toml": {
        "match": 'exclude = ["a", "§"]\nx = {path = "y", exclude = ["§"]}',
        "critical": r"""
            [tool.poe.tasks]\nclean = "rm -rf §"
            path = "§"
            x = {exclude = ["y"], path = "§"}
        """,
        "data": 'x = {exclude = ["y"], z = "§"}',
    },
    "a.xml": {"match": "<exclude>§</exclude>", "critical": "<dir>§</dir>", "data": "<x>§</x>"},
}

OTHERS = {
    ".husky/pre-commit": {"critical": "mkdir -p §", "documentation": 'echo "see §"'},
    "clean.cron": {"critical": "0 3 * * * root rm -rf /srv/§/tmp"},
    "deploy": {"documentation": r"#!/usr/bin/env bash\n# §", "critical": r"#!/bin/sh\nls §"},
    "a.sql": {"data": "INSERT INTO a VALUES ('§/x')", "documentation": "-- §"},
    "pyproject.toml": {
        "definition": r'[tool.runsdir]\nnames = ["§"]',
        "data": r'[tool.other]\nnames = ["§"]',
    },
    "setup.cfg": {"match": r"[flake8]\nexclude =\n    §", "definition": "runsdir-names = §"},
    "README.md": {"documentation": "see `§`"},
    "a.md": {"documentation": "```sh\\nls §\\n```\n# generated by hand\\n\\n§"},
    "a.rst": {"documentation": "see ``§``"},
    "a.tex": {"documentation": "% §"},
    "LICENSE": {"documentation": "§ is ours"},
    ".gitignore": {"match": "§/"},
    ".dockerignore": {"match": "§", "documentation": "# § is huge"},
    "a.log": {"log": "saved §/x"},
    "a.log.1": {"log": "saved §/x"},
    "a.unknown": {"data": "§"},
    "a": {"data": "§"},
    "b.go": {"generated": r'// Code generated by x. DO NOT EDIT.\nx = "§"'},
    "a.js": {"generated": f"{'x();' * 5000} open('§')"},
}
#: Roles, where a status has more than one.
ROLES = {
    "critical": "path",
    "match": "match",
    "data": "data",
    "documentation": "text doc",
    "log": "text",
    "generated": "path",
    "fixed": "definition",
    "definition": "definition",
}


def cases() -> Iterator[object]:
    """Yield a case for each line of the tables."""
    for name, table in {**COMMANDS, **PROGRAMS, **VALUES, **OTHERS}.items():
        for status, text in table.items():
            for line in filter(None, map(str.strip, text.splitlines())):
                yield pytest.param(name, unescaped(line), status, id=f"{name}: {line[-80:]}")


def unescaped(line: str) -> str:
    """Return the text that a line of a table stands for."""
    return line.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")


def places(name: str, text: str, kind: str = "mention", **values: object) -> list[Place]:
    """Return the places of a text in a file of some name; ``values`` are options."""
    settings = Resolver(Layer("", {}, "."), Layer("", values, ".")).at(".")
    needles = Needles(settings.config)
    found = texts.places(Subject(f"/nowhere/{name}", name, settings, needles), [text.encode()])
    assert found is not None
    return [place for place in found if place.kind == kind]


@pytest.mark.parametrize(("name", "text", "status"), list(cases()))
def test_usage(name: str, text: str, status: str) -> None:
    found = places(name, text.replace("§", NAME))
    last = found[-1]
    assert last.status.value == status, last.reason
    assert last.role in ROLES[status].split()
    assert last.reason
    assert bool(last.code) is (last.role != "definition")


#: Lines, and what to write instead: the mention is `§`, the variable `$V`.
SUGGESTIONS = {
    "a.sh": r"""
        ls §/x -> ls "${V:-§}"/x
        ls ./§/x -> ls "${V:-./§}"/x
        ls ../§/x ->
        ls backup/§ ->
        rm -rf "$repo/§" ->
        find . -name § -delete ->
        git add §/x ->
        tar xf a.tar §/x ->
        ls "§/x" -> ls "${V:-§}/x"
        ls "$ROOT/§/x" -> ls "${V:-$ROOT/§}/x"
        ls "$ROOT"/§/x -> ls "${V:-$ROOT/§}"/x
        ls ${ROOT}/§ -> ls "${V:-${ROOT}/§}"
        ls $(pwd)/§ -> ls "${V:-$(pwd)/§}"
        ls /srv/§/* -> ls "${V:-/srv/§}"/*
        ls ~/§ -> ls "${V:-$HOME/§}"
        ls ~root/§ ->
        ls "~/§" ->
        ls */§ ->
        ls '§/z' -> ls "${V:-§}/z"
        ls 'a b/§' ->
        ls --dir=§ -> ls --dir="${V:-§}"
        sh -c 'ls §/x' ->
        sh -c "ls §/x" ->
        ssh h ls §/x ->
        docker run -v ./§:/x y ->
        ls -d §/* | xargs rm ->
        curl http://h/§ ->
        x=${OTHER:-./§} -> x=${OTHER:-${V:-./§}}
        x="${OTHER:-/srv/§/y}" -> x="${OTHER:-${V:-/srv/§}/y}"
        ls ${OTHER:-./§} ->
        RUNS=§ -> RUNS="${V:-§}"
        grep § x ->
        cat <<EOF | sh\nls §/x\nEOF ->
    """,
    "a.fish": "ls § ->",
    ".env": "RUNS=§/x ->",
    "Makefile": r"""
        x:\n\tls §/x -> ls "$(or $(V),§)"/x
        x:\n\tls "§/x" -> ls "$(or $(V),§)/x"
        x:\n\tls $$HOME/§/x -> ls "$(or $(V),$$HOME/§)"/x
        purge: ; rm -rf § ->
        x:\n\tls $(wildcard §/*) ->
        D != ls § ->
        D := $(ROOT)/§ -> D := $(or $(V),$(ROOT)/§)
    """,
    "justfile": r"x:\n\tls § ->",
    "Dockerfile": r"""
        RUN ls §/x -> RUN ls "${V:-§}"/x
        COPY § /x ->
        VOLUME /app/§ -> VOLUME ${V:-/app/§}
        RUN ["mkdir", "§"] ->
    """,
    "a.ps1": "ls § ->",
    "a.bat": "dir § ->",
    "a.ts": r"""
        x = open('§') -> x = open(process.env.V || "§")
        x = open(`§/${id}`) -> x = open(`${process.env.V || "§"}/${id}`)
        x = open('§/x') -> x = open(`${process.env.V || "§"}/x`)
        x = open('./§/x') -> x = open(`${process.env.V || "./§"}/x`)
        x = open('/srv/§/x') -> x = open(`${process.env.V || "/srv/§"}/x`)
        x = "§" as const ->
        let d: "§" | undefined ->
        x = path.join(\n  root,\n  "§",\n) ->
        res.sendFile("§/x", { root }) ->
        del(["§/**", "!§/keep"]) ->
        x = open(`${root}/§/x`) -> x = open(`${process.env.V || `${root}/§`}/x`)
        x = path.join("§", id) -> x = path.join(process.env.V || "§", id)
        x = path.join(root, "§", id) -> x = path.resolve(root, process.env.V || "§", id)
        x = join(root, "§", id) ->
        x = [root, "§", id].join("/") ->
        x = root + "/§" ->
        x = "§/" + id -> x = `${process.env.V || "§"}/` + id
        x = "§" + id -> x = (process.env.V || "§") + id
        x = a ?? "§" -> x = a ?? (process.env.V || "§")
        const x = "§"; -> const x = process.env.V || "§";
        return "§" -> return process.env.V || "§"
        x = { "§": 1 } ->
        import x from "./§/x" ->
        x = require("./§/x") ->
        x = new Worker("./§/x") ->
        app.use("/§", x) ->
        x = <Tree root="§" /> ->
        type Dir = "§" ->
        enum Dir {\n  Runs = "§",\n} ->
        execSync("rm -rf §") ->
        fetch("http://h/§/x") ->
        x = start(`§:x`) ->
    """,
    "a.coffee": 'x = open("§") ->',
    "a.go": 'open("§") ->',
    ".github/workflows/ci.yml": r"""
        steps:\n  - with:\n      path: § -> path: ${{ env.V || '§' }}
        steps:\n  - with:\n      path: "./§/x" -> path: "${{ env.V || './§' }}/x"
        steps:\n  - with:\n      path: '§' ->
        steps:\n  - with: {path: §} ->
        env:\n  LOG_DIR: § ->
        run: rm -rf § -> run: rm -rf "${V:-§}"
        run: §/run ->
        run: |\n  ls §/x -> ls "${V:-§}"/x
        run: |\n  §/x y -> "${V:-§}"/x y
        shell: pwsh\n  run: ls § ->
    """,
    "docker-compose.yml": r"""
        volumes:\n- ./§:/x ->
        working_dir: /app/§ ->
    """,
    ".gitlab-ci.yml": r"""
        path: § ->
        script:\n  - rm -rf §/* -> - rm -rf "${V:-§}"/*
    """,
    "a.yml": "path: § ->",
    "package.json": '{"scripts": {"clean": "rm -rf §"}} ->',
}


def suggestions() -> Iterator[object]:
    """Yield a case for each line that may have a suggestion."""
    for name, text in SUGGESTIONS.items():
        for line in filter(None, map(str.strip, text.splitlines())):
            given, _, instead = line.rpartition("->")
            yield pytest.param(
                name, unescaped(given.rstrip()), instead.strip(), id=f"{name}: {line}"
            )


def spelled(text: str) -> str:
    """Return a text with the name, and the variable, in their places."""
    return re.sub(r"\bV\b", VARIABLE, text).replace("§", NAME)


@pytest.mark.parametrize(("name", "text", "instead"), list(suggestions()))
def test_what_to_write_instead(name: str, text: str, instead: str) -> None:
    (found,) = places(name, spelled(text))
    assert (found.instead, found.applicability) == (
        spelled(instead),
        "display" if instead else "",
    )
    (found,) = places(name, spelled(text), env_vars=[])
    assert found.instead == ""
    if instead:
        mended = spelled(text).replace(found.source, spelled(instead))
        assert not [place for place in places(name, mended) if place.status in MUST_FIX]


@pytest.mark.parametrize(
    "text",
    [
        "find § -mindepth 1 -not -path '§/keep*' -delete",
        'rm -rf "§" && cp -a /backup/§ /srv',
    ],
)
def test_no_line_is_suggested_for_one_of_two(text: str) -> None:
    assert [place.instead for place in places("a.sh", spelled(text))] == ["", ""]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.sh", "mkdir §  # noqa: RUN001 the installer's own", "the installer's own"),
        ("a.sh", "mkdir §  # noqa", "# noqa"),
        ("a.sh", "mkdir §  # noqa: F401", ""),
        ("a.sh", "mkdir §  # noqa: F401,RUN001 - why", "why"),
        ("a.sh", "grep § x  # noqa: RUN101", "# noqa: RUN101"),
        ("a.sh", "mkdir § '# noqas'", ""),
        ("a.ts", 'open("§")  // noqa: RUN001 why', "why"),
        ("a.ts", 'open("§")  /* noqa: RUN001 why */ + x', "why"),
        ("a.xml", "<dir>§</dir> <!-- noqa: RUN001 why -->", "why"),
        ("a.bat", "rd §  & rem noqa", "rem noqa"),
    ],
)
def test_comments_that_suppress(name: str, text: str, reason: str) -> None:
    (found,) = places(name, spelled(text))
    assert (found.status.value == "suppressed") is bool(reason)
    assert reason or found.status in MUST_FIX
    assert not reason or (found.reason, found.instead) == (reason, "")


def printed(command: str, **environment: str) -> str:
    """Return the words that Bash makes of the arguments of `ls`, a line each."""
    script = f"ls() {{ printf '%s\\n' \"$@\"; }}; ROOT=/srv/x; {command}"
    environment = {"PATH": os.defpath, "HOME": "/home/x", **environment}
    answer = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return answer.stdout


LISTED = [line for line in SUGGESTIONS["a.sh"].splitlines() if re.match(r"\s*ls .*-> ls", line)]


def test_there_are_lines_for_a_shell() -> None:
    assert len(LISTED) > 10


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs Bash")
@pytest.mark.parametrize("line", LISTED)
def test_suggestions_in_a_shell(line: str) -> None:
    text, _, instead = map(str.strip, spelled(line).partition("->"))
    before = printed(text)
    assert printed(instead) == before
    moved = printed(instead, **{VARIABLE: "/else where"})
    assert moved == re.sub(rf"[^\s=]*{re.escape(NAME)}", "/else where", before)


@pytest.mark.parametrize(
    ("name", "text", "columns"),
    [
        pytest.param("a.sh", 'R="${AUTONOMOUS_RUNS_DIR:-.autonomous_runs}"', [4], id="a default"),
        pytest.param("a.sh", "ls $AUTONOMOUS_RUNS_DIR/x", [4], id="without braces"),
        pytest.param("a.sh", "# $AUTONOMOUS_RUNS_DIR", [], id="in a comment"),
        pytest.param("a.sh", "AUTONOMOUS_RUNS_DIR=x", [], id="set"),
        pytest.param("a.sh", "ls $MY_AUTONOMOUS_RUNS_DIR ${AUTONOMOUS_RUNS_DIRS}", [], id="others"),
        pytest.param(
            "a.sh", 'R="${AUTONOMOUS_RUNS_DIR:-./.autonomous_runs}"', [], id="told by its default"
        ),
        pytest.param("Makefile", "x:\n\tls $(AUTONOMOUS_RUNS_DIR)", [5], id="make"),
        pytest.param("a.ps1", "ls $env:AUTONOMOUS_RUNS_DIR", [4], id="PowerShell"),
        pytest.param("a.ps1", "$env:AUTONOMOUS_RUNS_DIR = 'x'", [], id="PowerShell sets it"),
        pytest.param("a.bat", "dir %AUTONOMOUS_RUNS_DIR%", [5], id="batch"),
        pytest.param("a.ts", "x = process.env.AUTONOMOUS_RUNS_DIR", [13], id="JavaScript"),
        pytest.param("a.ts", "process.env.AUTONOMOUS_RUNS_DIR = 'x'", [], id="JavaScript sets it"),
        pytest.param("a.ts", "if (process.env.AUTONOMOUS_RUNS_DIR == x)", [13], id="compared"),
        pytest.param("a.rb", "x = ENV['AUTONOMOUS_RUNS_DIR']", [5], id="Ruby"),
        pytest.param("a.go", 'x := os.Getenv("AUTONOMOUS_RUNS_DIR")', [9], id="Go"),
        pytest.param("a.yml", "x: ${{ env.AUTONOMOUS_RUNS_DIR }}", [8], id="a workflow"),
        pytest.param("a.md", "set $AUTONOMOUS_RUNS_DIR", [], id="documentation asks nobody"),
    ],
)  # fmt: skip
def test_reads_of_the_environment(name: str, text: str, columns: list[int]) -> None:
    found = places(name, text, "read")
    assert [place.column for place in found] == columns
    assert all(place.status.value == "fixed" for place in found)
