"""What library functions do with the paths and texts that are given to them.

Three tables, all read by the same small notation.  A row is the names of functions and, for each
parameter, an effect: ``0,path=read`` says that the first positional argument, or the keyword
``path``, is read as a file; ``*`` stands for every other argument.

* :data:`_FUNCTIONS`: by full name, whatever it was imported as; ``*.name`` by its last name,
* :data:`_METHODS`: by the name of a method on any object, for the *arguments*,
* :data:`_RECEIVERS`: by the name of a method or property, for the *object* it is called on.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Union


class Effect(Enum):
    """What becomes of an argument or of the object of a method."""

    USE = "use"  # used as a path
    READ = "read"  # ... of a file that is read
    WRITE = "write"  # ... of a file that is written, created, locked or deleted
    MOVE = "move"  # ... of a file or a directory that is moved or changed
    DIRECTORY = "dir"  # ... of a directory
    OPEN = "open"  # ... of a file that is opened; the mode tells for what
    MAKE = "make"  # the result is the same path
    JOIN = "join"  # the result is the arguments, joined
    PARENT = "parent"  # the result is the path's directory
    PLAIN = "plain"  # the result is text that was a path
    SAME = "same"  # the result is the same value; says nothing about its role
    ELEMENT = "element"  # the result is one element of the value
    ELEMENTS = "elements"  # the result has pieces of the value as its elements
    FALLBACK = "fallback"  # the result may be the value: a default for something looked up
    OPTION = "option"  # the default of a command-line option
    FIELD = "field"  # the default of a declared attribute
    ARGV = "argv"  # handed to another program
    MATCH = "match"  # compared, searched for or used as a pattern
    TEXT = "text"  # shown to people
    DATA = "data"  # carried as a payload, or written as content
    IGNORE = "ignore"  # of no consequence


Key = Union[int, str]
Signature = Mapping[Key, Effect]

_FUNCTIONS = """
open io.open codecs.open aiofiles.open anyio.open_file gzip.open bz2.open lzma.open fsspec.open \
    smart_open.open click.open_file                              | 0,file,filename,path=open
os.fdopen                                                        | 0=ignore
tarfile.open tarfile.TarFile zipfile.ZipFile *.ZipFile h5py.File zarr.open dbm.open \
    | 0,name,file,filename=open
shelve.open sqlite3.connect aiosqlite.connect duckdb.connect apsw.Connection *.create_engine \
    *.create_async_engine *.SqliteDict *.TinyDB lmdb.open | 0,filename,database,path,name,url=write
filelock.FileLock filelock.SoftFileLock *.FileLock *.SoftFileLock *.InterProcessLock *.PIDFile \
    *.PidFile portalocker.Lock fasteners.InterProcessLock        | 0,lock_file,path,filename=write
logging.FileHandler logging.handlers.RotatingFileHandler logging.handlers.WatchedFileHandler \
    logging.handlers.TimedRotatingFileHandler *.FileHandler *.RotatingFileHandler \
    *.TimedRotatingFileHandler *.WatchedFileHandler              | 0,filename=write
logging.basicConfig                                              | filename=write *=text
logging.config.dictConfig                                        | 0,config=write
logging.config.fileConfig                                        | 0,fname=read
pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.PurePosixPath pathlib.WindowsPath \
    pathlib.PureWindowsPath Path PurePath PosixPath PurePosixPath PureWindowsPath py.path.local \
    *.Path *.PurePath *.UPath *.AsyncPath *.CloudPath *.AnyPath *.PurePosixPath \
    os.path.join posixpath.join ntpath.join                      | *=join
os.path.abspath os.path.realpath os.path.normpath os.path.expanduser os.path.expandvars \
    os.path.normcase os.fspath os.fsencode os.fsdecode os.readlink | 0,path=make
os.path.dirname                                                  | 0=parent
os.path.basename os.path.relpath os.path.splitdrive              | *=plain
os.path.split os.path.splitext                                   | 0=plain
os.path.commonpath os.path.commonprefix                          | *=element
os.path.samefile os.path.isabs os.path.ismount                   | *=use
os.path.exists os.path.lexists os.path.isfile os.path.islink os.path.getsize os.path.getmtime \
    os.path.getctime os.path.getatime os.stat os.lstat os.access os.path.isdir os.statvfs \
    filecmp.cmp linecache.getline linecache.getlines runpy.run_path \
    importlib.util.spec_from_file_location fileinput.input imghdr.what mimetypes.guess_type \
    hashlib.file_digest mmap.mmap                                | *=read
os.listdir os.scandir os.walk os.fwalk os.mkdir os.makedirs os.rmdir os.removedirs os.chdir \
    os.fchdir os.chroot shutil.rmtree shutil.disk_usage glob.glob glob.iglob glob.glob1 \
    pkgutil.iter_modules distutils.dir_util.mkpath compileall.compile_dir os.add_dll_directory \
    contextlib.chdir *.rmtree *.makedirs *.mkdir_p               | *=dir
os.remove os.unlink os.truncate os.mkfifo os.mknod *.unlink      | *=write
os.open                                                          | 0,path=open
os.utime os.chmod os.chown                                       | *=move
os.rename os.renames os.link os.symlink shutil.move              | *=move
os.replace                                                       | 0,src=move 1,dst=write
shutil.copyfile                                                  | 0,src=read 1,dst=write
shutil.copy shutil.copy2 shutil.copymode shutil.copystat         | 0,src=read 1,dst=move
shutil.copytree                                                  | 0,1,src,dst=dir ignore=match
shutil.make_archive                             | 0,base_name=write root_dir,2=dir base_dir,3=dir
shutil.unpack_archive                                            | 0,filename=read 1,extract_dir=dir
shutil.which                                                     | 0=match path=use
shutil.ignore_patterns *.ignore_patterns                         | *=match
tempfile.mkdtemp tempfile.mkstemp tempfile.NamedTemporaryFile tempfile.TemporaryDirectory \
    tempfile.TemporaryFile tempfile.SpooledTemporaryFile *.NamedTemporaryFile \
    *.TemporaryDirectory                                         | dir=dir prefix=data suffix=data
subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen \
    subprocess.getoutput subprocess.getstatusoutput os.system os.popen os.execv os.execvp \
    os.execve os.execl os.execlp os.spawnv os.spawnl os.startfile asyncio.create_subprocess_exec \
    asyncio.create_subprocess_shell pexpect.spawn pexpect.run pty.spawn \
    *.check_call *.check_output *.create_subprocess_exec         | input=data *=argv
shlex.split                                                      | 0=elements
shlex.join                                                       | 0=same
os.environ.get os.getenv os.environ.setdefault os.environ.pop environ.get getenv \
    | 0,key=match 1,default=fallback
os.putenv                                                        | 1=use
os.environ.update                                                | *=use
json.load json.loads yaml.safe_load yaml.load pickle.load pickle.loads toml.loads tomllib.loads \
    ast.literal_eval                                             | 0=data
toml.load                                                        | 0=read
json.dump yaml.dump yaml.safe_dump pickle.dump                   | 0,1=data
json.dumps yaml.dumps pickle.dumps toml.dumps tomli_w.dumps      | *=data
joblib.dump torch.save cloudpickle.dump                          | 0=data 1,filename,f=write
joblib.load torch.load numpy.load np.load numpy.loadtxt np.loadtxt numpy.genfromtxt \
    numpy.fromfile np.fromfile pandas.read_csv pd.read_csv pandas.read_json pd.read_json \
    pandas.read_parquet pd.read_parquet pandas.read_pickle pd.read_pickle pandas.read_excel \
    pd.read_excel pandas.read_table polars.read_csv polars.read_parquet polars.scan_parquet \
    PIL.Image.open Image.open *.imread dotenv.load_dotenv *.load_dotenv \
    configparser.read faiss.read_index                           | *=read
numpy.save np.save numpy.savez np.savez numpy.savetxt np.savetxt numpy.savez_compressed \
    *.imwrite plt.savefig matplotlib.pyplot.savefig \
    | 0,file,fname=write
faiss.write_index                                                | 1=write
urllib.request.urlretrieve                                       | 1,filename=write
str repr ascii format list tuple set frozenset sorted reversed iter copy.copy copy.deepcopy \
    shlex.quote urllib.parse.quote urllib.parse.unquote textwrap.dedent sys.intern \
    collections.deque deque types.MappingProxyType MappingProxyType dict collections.OrderedDict \
    OrderedDict collections.ChainMap ChainMap functools.reduce itertools.cycle itertools.islice \
    html.escape textwrap.indent bytes                            | 0=same
itertools.chain itertools.chain.from_iterable chain              | *=same
typing.cast cast                                                 | 1=same
next max min random.choice                                       | 0=element *=same
filter                                                           | 1=same
getattr                                                          | 1=match 2=fallback
setattr                                                          | 2=fallback
len                                                              | 0=match
any all sum isinstance issubclass hash id type bool callable ord hasattr \
    vars dir                                                     | *=ignore
print pprint.pprint pprint.pformat pp rich.print click.echo click.secho typer.echo typer.secho \
    typer.style click.style input getpass.getpass sys.exit exit quit warnings.warn \
    sys.stdout.write sys.stderr.write textwrap.fill textwrap.wrap traceback.print_exc \
    pytest.fail pytest.skip pytest.xfail pytest.exit pytest.importorskip unittest.skip \
    logging.debug logging.info logging.warning logging.warn logging.error logging.critical \
    logging.exception logging.log logging.getLogger tqdm.tqdm.write tqdm.write \
    pytest.mark.skip pytest.mark.skipif pytest.mark.xfail        | *=text
click.Choice *.Choice                                            | *=match
pytest.raises pytest.warns                                       | match=match *=text
re.compile re.match re.search re.fullmatch re.sub re.subn re.findall re.finditer re.split \
    re.escape regex.compile regex.match regex.search fnmatch.fnmatch fnmatch.fnmatchcase \
    fnmatch.filter fnmatch.translate difflib.get_close_matches operator.eq operator.contains \
    pathspec.PathSpec.from_lines pathspec.GitIgnoreSpec.from_lines *.from_lines \
    | *=match
argparse.ArgumentParser ArgumentParser *.ArgumentParser *.add_parser | *=text
click.option click.argument typer.Option typer.Argument          | 0,default=option \
    help=text metavar=text prompt=text show_default=text *=ignore
pydantic.Field dataclasses.field attr.ib attrs.field attr.attrib sqlalchemy.Column Field field \
    mapped_column *.mapped_column *.Field Factory attr.Factory \
    | 0,default,default_factory,factory,server_default=field description=text title=text \
    examples=text example=text help=text *=ignore
contextlib.nullcontext nullcontext                               | 0=same
*.send_file *.FileResponse *.send_from_directory *.StaticFiles   | *=read
"""

_METHODS = """
joinpath                                                         | *=join
glob rglob iglob                                                 | 0,pattern=dir
chdir                                                            | 0=dir
rename symlink_to hardlink_to link_to                            | 0,target=move
startswith endswith removeprefix removesuffix split rsplit partition rpartition index rindex \
    count find rfind intersection fnmatch match fullmatch full_match search findall finditer sub \
    subn relative_to is_relative_to contains like ilike has_key __contains__ discard remove \
    assert_called_with assert_called_once_with assert_any_call assert_has_calls \
    assert_awaited_with assert_awaited_once_with strip lstrip rstrip issubset issuperset \
    isdisjoint match_file match_files spec \
    | *=match
assertEqual assertNotEqual assertIn assertNotIn assertRegex assertNotRegex assertListEqual \
    assertDictEqual assertSetEqual assertCountEqual assertRaisesRegex assertMultiLineEqual \
    assertTupleEqual assertIs assertIsNot                        | 0,1=match *=text
assertTrue assertFalse assertIsNone assertIsNotNone              | 0=match *=text
get pop                                                          | 0=match 1,default=fallback
getattr                                                          | 1=match 2=fallback
write_text write_bytes write writelines                          | *=data
debug info warning warn error exception critical fatal log success trace print secho echo rule \
    add_row send_message set_description subTest                 | *=text
add_argument add_option option argument add_flag                 | default,const=option help=text \
    metavar=text choices=match *=ignore
Option Argument                                      | 0,default=option help=text *=ignore
set_defaults                                                     | *=option
add_argument_group add_subparsers add_parser                     | *=text
setenv                                                           | 1,value=use
syspath_prepend insert_path                                      | 0=use
post put patch delete request get_json send_json publish emit dumps jsonify \
    | json,data,params,content,body=data
execute executemany executescript                                | *=data
to_csv to_json to_parquet to_pickle to_excel to_html to_markdown savefig save_pretrained \
    save_weights tofile to_feather to_hdf                        | 0=write *=ignore
read                                                             | 0,filenames=read
read_text read_bytes                                             | *=ignore
writestr                                                         | 0=use *=data
parse_args parse_known_args                                      | *=argv
extractall extract                                               | 0,path=dir
"""

_RECEIVERS = """
exists is_file is_symlink stat lstat read_text read_bytes samefile owner group is_mount \
    read lchmod readlines                                        | read
open                                                             | open
write_text write_bytes touch unlink write_json write_lines       | write
rename symlink_to hardlink_to link_to chmod                      | move
mkdir rmdir iterdir glob rglob walk is_dir chdir rmtree makedirs | dir
resolve absolute expanduser as_posix readlink as_uri __fspath__ __str__ | make
parent dirname                                                   | parent
name stem suffix suffixes drive root anchor parts                | plain
strip lstrip rstrip lower upper casefold encode decode copy format translate expandtabs title \
    swapcase zfill ljust rjust removeprefix removesuffix __copy__ | same
split rsplit splitlines partition rpartition                     | elements
"""


def function(name: str) -> Signature | None:
    """Return what a function does with its arguments, by its full dotted name."""
    rows = _rows(_FUNCTIONS)
    last = name.rpartition(".")[2]
    return rows.get(name) or rows.get(f"*.{last}")


def method(name: str) -> Signature | None:
    """Return what a method does with its arguments, whatever object it is called on."""
    return _rows(_METHODS).get(name)


def receiver(name: str) -> Effect | None:
    """Return what a method or property does with the path or text that it belongs to."""
    return _effects().get(name)


@cache
def _rows(table: str) -> dict[str, Signature]:
    found: dict[str, Signature] = {}
    for line in table.strip().splitlines():
        names, _, effects = line.partition("|")
        signature: dict[Key, Effect] = {}
        for effect in effects.split():
            keys, _, value = effect.partition("=")
            for key in keys.split(","):
                signature[int(key) if key.isdigit() else key] = Effect(value)
        found.update(dict.fromkeys(names.split(), signature))
    return found


@cache
def _effects() -> dict[str, Effect]:
    rows = (line.partition("|") for line in _RECEIVERS.strip().splitlines())
    return {name: Effect(effect.strip()) for names, _, effect in rows for name in names.split()}
